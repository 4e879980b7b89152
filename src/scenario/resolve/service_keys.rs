//! The keys of a service: the scenario's own first, else the profile's.

use super::Origin;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::Service;
use crate::scenario::source::Source;
use toml::Spanned;

/// A service as the scenario writes it, and as the profile does.
#[derive(Clone, Copy)]
pub(super) struct ServiceKeys<'a> {
    pub(super) source: &'a Source,
    pub(super) name: &'a str,
    pub(super) own: Option<(&'a Spanned<String>, &'a Service)>,
    pub(super) profile: Option<(&'a Service, &'a Origin)>,
}

impl ServiceKeys<'_> {
    /// A key's value with its origin, if it is written at all.
    pub(super) fn get<T>(&self, of: impl Fn(&Service) -> Option<T>) -> Option<(T, Origin)> {
        let own = self.own.and_then(|(_, service)| of(service)).map(|value| (value, Origin::File));
        own.or_else(|| self.profile.and_then(|(service, origin)| Some((of(service)?, origin.clone()))))
    }

    /// The dotted name of a key.
    pub(super) fn key(&self, leaf: &str) -> String {
        format!("service.{}.{leaf}", self.name)
    }

    /// What is wrong, at the scenario's own table if it has one.
    pub(super) fn error(&self, message: String) -> ScenarioError {
        match self.own {
            Some((at, _)) => self.source.error(at.span(), message),
            None => self.source.error_in_file(message),
        }
    }
}
