"""Calls find their symbols in every language that has a query for names."""

from pathlib import Path

from support.plot import told_of


def test_javascript(tmp_path: Path) -> None:
    lib = "export function get() {}\nexport default function axios() { get(); }\n"
    app = """
import axios, { get as fetchIt } from './lib/index.js';
import * as utils from './utils';
import Store from './store';
const { helper } = require('./helpers');
export default class App extends Store {
  constructor() { super(); this.store = new Store(); }
  run() { this.store.save(); super.save(); utils.trim('x'); helper(); axios(); fetchIt(); }
  more() { utils.trim.call(null, 1); later(helper); outside(); this.missing(); }
}
function later(f) { f(); }
"""
    files = {
        "src/app.js": app,
        "src/lib/index.js": lib,
        "src/utils.js": "export const trim = (s) => s.trim();\n",
        "src/store.js": "class Store { save() { return this; } }\nmodule.exports = Store;\n",
        "src/helpers.js": "function helper() {}\nexports.helper = helper;\n",
    }
    assert told_of(tmp_path, files) == {
        "src/app.js:App -> src/store.js:Store base",
        "src/app.js:App.constructor -> src/store.js:Store",
        "src/app.js:App.more -> src/app.js:later",
        "src/app.js:App.more -> src/helpers.js:helper passed",
        "src/app.js:App.more -> src/utils.js:trim",
        "src/app.js:App.run -> src/helpers.js:helper",
        "src/app.js:App.run -> src/lib/index.js:axios",
        "src/app.js:App.run -> src/lib/index.js:get",
        "src/app.js:App.run -> src/store.js:Store.save",
        "src/app.js:App.run -> src/utils.js:trim",
        "src/lib/index.js:axios -> src/lib/index.js:get",
    }


def test_typescript(tmp_path: Path) -> None:
    service = """
import { Cache, extra } from './cache';
export class Service {
  private cache: Cache;
  constructor(private other: Cache) { this.cache = new Cache(); }
  find() { this.cache.load(1); this.other.load(2); make().twin().load(3); }
  async wait() { const found = await this.all(); found.load(4); extra(); }
  async all(): Promise<Cache> { return this.cache; }
}
export function make(): Cache { return new Cache(); }
"""
    cache = """
export class Cache { load(k: any) {} twin(): this { return this; } }
export * from './more';
"""
    files = {"a.ts": service, "cache.ts": cache, "more.ts": "export const extra = () => 1;\n"}
    assert told_of(tmp_path, files) == {
        "a.ts:Service.constructor -> cache.ts:Cache",
        "a.ts:Service.find -> a.ts:make",
        "a.ts:Service.find -> cache.ts:Cache.load",
        "a.ts:Service.find -> cache.ts:Cache.twin",
        "a.ts:Service.wait -> a.ts:Service.all",
        "a.ts:Service.wait -> cache.ts:Cache.load",
        "a.ts:Service.wait -> more.ts:extra",
        "a.ts:make -> cache.ts:Cache",
    }


def test_go(tmp_path: Path) -> None:
    main = """package main
import (
  "os"
  "net/http"
  st "example.com/x/proj/store"
)
type Base struct {}
func (b *Base) Start() {}
type App struct { db *st.DB; *Base }
func main() {
  app := &App{db: st.New()}
  app.run()
  app.Start()
  helper(os.Args)
  http.Get("x")
}
func (a *App) run() { a.db.Save() }
"""
    files = {
        "main.go": main,
        "more.go": "package main\nfunc helper(x []string) {}\n",
        "store/db.go": "package store\ntype DB struct {}\nfunc New() *DB { return nil }\n",
        "store/save.go": "package store\nfunc (d *DB) Save() {}\n",
        "http/get.go": "package http\nfunc Get(x string) {}\n",
    }
    assert told_of(tmp_path, files) == {
        "main.go:App -> main.go:Base base",
        "main.go:App.run -> store/save.go:DB.Save",
        "main.go:main -> main.go:App",
        "main.go:main -> main.go:App.run",
        "main.go:main -> main.go:Base.Start",
        "main.go:main -> more.go:helper",
        "main.go:main -> store/db.go:New",
    }


def test_java(tmp_path: Path) -> None:
    app = """package a;
import b.Store;
import b.*;
public class App extends Base {
  private final Store store;
  App(Store s) { this.store = s; helper(); }
  void run(Other other) { store.save(); this.store.save(); other.ping(); start(); super.start(); }
  private void helper() { Store.make().save(); new Store(); }
}
"""
    store = """package b;
public class Store { void save() {} static Store make() { return new Store(); } }
"""
    files = {
        "src/a/App.java": app,
        "src/a/Base.java": "package a;\npublic class Base { void start() {} }\n",
        "src/b/Store.java": store,
        "src/b/Other.java": "package b;\npublic class Other { public void ping() {} }\n",
    }
    assert told_of(tmp_path, files) == {
        "src/a/App.java:App -> src/a/Base.java:Base base",
        "src/a/App.java:App.App -> src/a/App.java:App.helper",
        "src/a/App.java:App.helper -> src/b/Store.java:Store",
        "src/a/App.java:App.helper -> src/b/Store.java:Store.make",
        "src/a/App.java:App.helper -> src/b/Store.java:Store.save",
        "src/a/App.java:App.run -> src/a/Base.java:Base.start",
        "src/a/App.java:App.run -> src/b/Other.java:Other.ping",
        "src/a/App.java:App.run -> src/b/Store.java:Store.save",
        "src/b/Store.java:Store.make -> src/b/Store.java:Store",
    }


def test_rust(tmp_path: Path) -> None:
    main = """mod store;
use crate::store::{self, Store, Saves as S};
use util::join;
struct App { store: Store }
impl App {
    fn new() -> Self { let s = Store::new(); s.save(); App { store: s } }
    fn run(&self) { self.store.save(); self.helper(); join(1); crate::util::join(3); Self::go(); }
    fn helper(&self) {}
    fn go() {}
}
fn main() { let app = App::new(); app.run(); store::open(); }
"""
    store = """pub struct Store {}
pub trait Saves {}
impl Store { pub fn new() -> Store { Store {} }
    pub fn save(&self) {} }
impl Saves for Store {}
pub fn open() {}
"""
    files = {
        "src/main.rs": main,
        "src/store.rs": store,
        "src/util.rs": "pub fn join(n: i32) {}\n",
    }
    assert told_of(tmp_path, files) == {
        "src/main.rs:App.new -> src/main.rs:App",
        "src/main.rs:App.new -> src/store.rs:Store.new",
        "src/main.rs:App.new -> src/store.rs:Store.save",
        "src/main.rs:App.run -> src/main.rs:App.go",
        "src/main.rs:App.run -> src/main.rs:App.helper",
        "src/main.rs:App.run -> src/store.rs:Store.save",
        "src/main.rs:App.run -> src/util.rs:join",
        "src/main.rs:main -> src/main.rs:App.new",
        "src/main.rs:main -> src/main.rs:App.run",
        "src/main.rs:main -> src/store.rs:open",
        "src/store.rs:Store -> src/store.rs:Saves base",
        "src/store.rs:Store.new -> src/store.rs:Store",
    }


def test_c(tmp_path: Path) -> None:
    main = """#include "list.h"
static int twice(int x) { return x * 2; }
int main(void) { list_add(1); apply(twice); grow(); return twice(2); }
"""
    files = {
        "main.c": main,
        "lib/list.c": "static void grow(void) {}\nvoid list_add(int x) { grow(); }\n",
        "lib/apply.c": "void apply(int (*f)(int)) { f(1); }\n",
        "other/other.c": "static void grow(void) {}\nvoid use(void) { grow(); }\n",
    }
    assert told_of(tmp_path, files) == {
        "lib/list.c:list_add -> lib/list.c:grow",
        "main.c:main -> lib/apply.c:apply",
        "main.c:main -> lib/list.c:list_add",
        "main.c:main -> main.c:twice",
        "main.c:main -> main.c:twice passed",
        "other/other.c:use -> other/other.c:grow",
    }


def test_cpp(tmp_path: Path) -> None:
    header = """
namespace app {
class Base { public: void start() {} };
class Key { public: void rotate() {} };
class Store : public Base {
  void save();
  void twice() { save(); start(); this->save(); }
  Key key_;
};
}
"""
    source = """#include "store.h"
namespace app {
void helper() {}
void Store::save() { key_.rotate(); helper(); }
}
"""
    main = """#include "store.h"
int main() { app::Store s; s.save(); auto p = new app::Store(); p->start(); app::helper(); }
"""
    assert told_of(tmp_path, {"store.h": header, "store.cpp": source, "main.cpp": main}) == {
        "main.cpp:main -> store.cpp:app.Store.save",
        "main.cpp:main -> store.cpp:app.helper",
        "main.cpp:main -> store.h:app.Base.start",
        "store.cpp:app.Store.save -> store.cpp:app.helper",
        "store.cpp:app.Store.save -> store.h:app.Key.rotate",
        "store.h:app.Store -> store.h:app.Base base",
        "store.h:app.Store.twice -> store.cpp:app.Store.save",
        "store.h:app.Store.twice -> store.h:app.Base.start",
    }


def test_names_of_another_language_are_no_candidates(tmp_path: Path) -> None:
    files = {
        "a.py": "class Store:\n    def save_row(self): ...\n",
        "b.js": "function f(store) { store.save_row(); }\n",
    }
    assert told_of(tmp_path, files) == set()
