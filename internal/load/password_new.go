package load

import "context"

// New is the password for a file that is to be written: the given one, or what a
// person types twice. ok is false where nobody says one.
func (p *Passwords) New(path string) (text string, ok bool, err error) {
	if p.readFile == nil {
		p.readFile = func(_, path string) ([]byte, error) { return Read(context.Background(), path) }
	}
	if err := p.given(); err != nil {
		return "", false, err
	}
	if len(p.known) > 0 {
		return p.known[0], true, nil
	}
	if p.Prompt == nil {
		return "", false, nil
	}
	if text, err = p.Prompt("password for " + path + " (empty: one is made and written to " + path + ".password): "); err != nil || text == "" {
		return "", false, err
	}
	again, err := p.Prompt("once more: ")
	if err == nil && again != text {
		err = &Error{Kind: "password", Path: path, Message: "the two passwords differ", Remedy: "run it again"}
	}
	return text, err == nil, err
}
