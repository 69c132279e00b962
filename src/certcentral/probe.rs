//! The probe of a host: a query without a key, which shows whether the host answers, its certificate, and its time.
//!
//! It uses the same route and the same trust as queries with a key. It records the certificate that the host
//! presents, even a refused one: its issuer shows who intercepts the connection.

use super::http_client::HttpClientFactory;
use super::{Limits, Network, error};
use crate::api_url::ApiUrl;
use crate::domain::{ApiError, Certificate, TransportError, TransportErrorKind};
use crate::text;
use reqwest::header::DATE;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;
use std::sync::{Arc, Mutex};
use x509_cert::der::Decode;
use x509_cert::name::Name;

/// Longer than any form of a date.
const DATE_COLUMNS: usize = 40;

/// Longer than most issuers' names.
const ISSUER_COLUMNS: usize = 100;

/// The result of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The certificate that was presented for the host. `None` if there was none, or if it cannot be read.
    pub certificate: Option<Certificate>,
    /// The `Date` of the answer, whatever its status. Blank if the answer has none.
    pub answer: Result<String, TransportError>,
}

/// Queries the base URL of a host's API. The query contains nothing of a key.
///
/// # Errors
/// The query cannot be sent at all.
pub async fn probe_host(host: &ApiUrl, network: &Network, limits: Limits) -> Result<Probe, TransportError> {
    let maker = HttpClientFactory::new(host, network, limits)?;
    let (client, witness) = if host.is_plaintext() {
        (maker.query_client()?, None)
    } else {
        let (tls, witness) = tls_with_recorder(&maker, host)?;
        (maker.client_with_tls(tls)?, Some(witness))
    };
    let answer = fetch_server_date(&client, host, network, maker.proxy_for_display().as_deref()).await;
    Ok(Probe { certificate: witness.and_then(|witness| witness.take_certificate()), answer })
}

async fn fetch_server_date(
    client: &reqwest::Client,
    host: &ApiUrl,
    network: &Network,
    via: Option<&str>,
) -> Result<String, TransportError> {
    let url = host.endpoint_url(&[], &[]).ok_or(TransportErrorKind::Unfit)?;
    match client.get(url).send().await {
        Ok(answer) => {
            let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok()).unwrap_or_default();
            Ok(text::clip(date, DATE_COLUMNS).into_owned())
        }
        Err(error) => Err(match error::refine_proxy_error(error::classify_error(error, via), network, host).await {
            ApiError::NotConnected(why) | ApiError::ResponseCut(why) => why,
            ApiError::NotAllowed(_) | ApiError::Refused { .. } | ApiError::Unreadable(..) => {
                TransportErrorKind::Other.into()
            }
        }),
    }
}

/// Sets TLS up as reqwest does by default, with a certificate recorder.
fn tls_with_recorder(
    maker: &HttpClientFactory,
    host: &ApiUrl,
) -> Result<(ClientConfig, Arc<CertificateRecorder>), TransportError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let witness =
        Arc::new(CertificateRecorder::new(maker, host, Arc::clone(&provider)).map_err(|error| tls_error(&error))?);
    let versions = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| tls_error(&error))?;
    // The method is called dangerous because a custom verifier could accept anything. This one leaves every decision
    // to the platform's verifier.
    let tls = versions.dangerous().with_custom_certificate_verifier(Arc::clone(&witness) as _).with_no_client_auth();
    Ok((tls, witness))
}

fn tls_error(error: &Error) -> TransportError {
    TransportError::new(TransportErrorKind::NoTls, text::clip(&error.to_string(), ISSUER_COLUMNS))
}

/// Leaves every decision to the platform's verifier, and records the certificate.
#[derive(Debug)]
struct CertificateRecorder {
    platform: Verifier,
    /// The name of the host. A certificate for another name belongs to a proxy.
    name: String,
    certificate: Mutex<Option<Vec<u8>>>,
}

impl CertificateRecorder {
    fn new(maker: &HttpClientFactory, host: &ApiUrl, provider: Arc<CryptoProvider>) -> Result<Self, Error> {
        let platform = match maker.extra_issuers.as_slice() {
            [] => Verifier::new(provider)?,
            issuers => Verifier::new_with_extra_roots(issuers.iter().cloned(), provider)?,
        };
        Ok(Self { platform, name: host.host().to_owned(), certificate: Mutex::default() })
    }

    /// Takes the certificate that was presented last.
    fn take_certificate(&self) -> Option<Certificate> {
        let shown = self.certificate.lock().ok()?.take()?;
        read_certificate(&shown)
    }
}

impl ServerCertVerifier for CertificateRecorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if server_name.to_str() == self.name
            && let Ok(mut shown) = self.certificate.lock()
        {
            *shown = Some(end_entity.to_vec());
        }
        self.platform.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.platform.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.platform.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.platform.supported_verify_schemes()
    }
}

fn read_certificate(der: &[u8]) -> Option<Certificate> {
    let certificate = x509_cert::Certificate::from_der(der).ok()?;
    let tbs = certificate.tbs_certificate();
    let until = tbs.validity().not_after.to_unix_duration().as_secs();
    let until = i64::try_from(until).ok().and_then(|until| jiff::Timestamp::from_second(until).ok());
    let day = |until: jiff::Timestamp| until.to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    Some(Certificate { issuer: issuer_text(tbs.issuer()), until: until.map(day).unwrap_or_default() })
}

/// For example `DigiCert Inc, DigiCert EU RSA4096 SHA384 2023 CA1`.
fn issuer_text(name: &Name) -> String {
    let (organization, own) = (name.organization().ok().flatten(), name.common_name().ok().flatten());
    let parts: Vec<_> = [organization, own].into_iter().flatten().map(|part| part.value().into_owned()).collect();
    text::clip(&parts.join(", "), ISSUER_COLUMNS).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(b"")]
    #[case(b"\x30\x82\xff\xff")]
    #[case(&[0x30; 4096])]
    fn invalid_der_yields_no_certificate(#[case] der: &[u8]) {
        assert_eq!(read_certificate(der), None);
    }
}
