use std::fmt;

/// How often.
pub const LIMIT: u32 = 3;

/// A session.
#[derive(Debug, Clone)]
pub struct Session<T> {
    token: T,
}

pub trait Store: Send {
    fn get(&self, key: &str) -> Option<String>;
    fn has(&self, key: &str) -> bool { self.get(key).is_some() }
}

impl<T> Session<T> {
    /// Makes one.
    pub fn new(token: T) -> Self {
        println!("new");
        Self { token }
    }
}

impl fmt::Display for Session<String> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.token.len() { 0 => Ok(()), _ => write!(f, "{}", self.token) }
    }
}

mod inner {
    pub fn rotate() { super::helper::run(); }
}

enum Kind { A, B(u8) }
macro_rules! twice { ($x:expr) => { $x * 2 }; }
