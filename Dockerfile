FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /chainspect ./cmd/chainspect

# The anchors are inside the binary: nothing else is needed.
FROM scratch
COPY --from=build /chainspect /chainspect
USER 65534:65534
ENTRYPOINT ["/chainspect"]
