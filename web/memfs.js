// The files of a run, in memory: what was dropped on the page, and what the core
// writes. It stands where Go's js/wasm port looks for Node's fs. Nothing else is
// reachable, and all of it goes with the worker.
"use strict";

const files = new Map(); // name -> Uint8Array
const open = new Map(); // descriptor -> {name, at, writes}
let nextDescriptor = 3;

const failure = (code) => Object.assign(new Error(code), { code });
const plain = (path) => path.replace(/^(\.?\/)+/, "").replace(/\/+$/, "");
const isFolder = (name) => name === "" || name === "." || [...files.keys()].some((n) => n.startsWith(name + "/"));

function status(name) {
  const file = files.get(name);
  if (!file && !isFolder(name)) return null;
  const folder = !file;
  return {
    dev: 1, ino: 0, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096, blocks: 0, atimeMs: 0, mtimeMs: 0, ctimeMs: 0,
    size: folder ? 0 : file.length,
    mode: folder ? 0o040700 : 0o100600,
    isDirectory: () => folder,
  };
}

const answer = (callback, value) => (value ? callback(null, value) : callback(failure("ENOENT")));

globalThis.process = {
  getuid: () => 0, getgid: () => 0, geteuid: () => 0, getegid: () => 0, getgroups: () => [], pid: 1, ppid: 0, umask: () => 0o077, cwd: () => "/", chdir() {},
};

globalThis.path = { resolve: (...parts) => parts.join("/") };

const refused = (...args) => args[args.length - 1](failure("EPERM"));

globalThis.fs = {
  constants: { O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024, O_DIRECTORY: 65536 },
  writeSync: (_, data) => data.length, // what the core says on its standard streams is in its answers too
  write(fd, data, offset, length, position, callback) {
    const handle = open.get(fd);
    if (!handle) return callback(null, length);
    const old = files.get(handle.name);
    const at = position ?? handle.at;
    const grown = new Uint8Array(Math.max(old.length, at + length));
    grown.set(old);
    grown.set(data.subarray(offset, offset + length), at);
    files.set(handle.name, grown);
    handle.at = at + length;
    callback(null, length);
  },
  open(path, flags, _mode, callback) {
    const name = plain(path);
    if (!files.has(name) && !isFolder(name)) {
      if (!(flags & 64)) return callback(failure("ENOENT"));
      files.set(name, new Uint8Array());
    } else if (flags & 128) return callback(failure("EEXIST"));
    if (flags & 512) files.set(name, new Uint8Array());
    open.set(nextDescriptor, { name, at: 0 });
    callback(null, nextDescriptor++);
  },
  read(fd, buffer, offset, length, position, callback) {
    const handle = open.get(fd);
    if (!handle) return callback(null, 0);
    const file = files.get(handle.name);
    if (!file) return callback(failure("EISDIR"));
    const at = position ?? handle.at;
    const part = file.subarray(at, at + length);
    buffer.set(part, offset);
    handle.at = at + part.length;
    callback(null, part.length);
  },
  close(fd, callback) {
    open.delete(fd);
    callback(null);
  },
  stat: (path, callback) => answer(callback, status(plain(path))),
  lstat: (path, callback) => answer(callback, status(plain(path))),
  fstat: (fd, callback) => answer(callback, open.has(fd) ? status(open.get(fd).name) : null),
  readdir(path, callback) {
    const name = plain(path);
    const below = [...files.keys()].filter((n) => name === "" || n.startsWith(name + "/"));
    callback(null, [...new Set(below.map((n) => n.slice(name ? name.length + 1 : 0).split("/")[0]))]);
  },
  unlink(path, callback) {
    callback(files.delete(plain(path)) ? null : failure("ENOENT"));
  },
  rename(from, to, callback) {
    const file = files.get(plain(from));
    if (!file) return callback(failure("ENOENT"));
    files.delete(plain(from));
    files.set(plain(to), file);
    callback(null);
  },
  fsync: (_, callback) => callback(null),
  fchmod: (...args) => args[args.length - 1](null),
  chmod: (...args) => args[args.length - 1](null),
  mkdir: (...args) => args[args.length - 1](null),
  chown: refused, fchown: refused, ftruncate: refused, lchown: refused, link: refused, readlink: refused, rmdir: refused, symlink: refused, truncate: refused, utimes: refused,
};
