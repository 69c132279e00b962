//! Additional certificate issuers, from a file.
//!
//! They are only added: nothing here removes trust from the system's issuers, or weakens a check.

use crate::domain::CaFileError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// More bytes than the certificates of all public issuers together.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Returns the certificates in a file; at least one.
pub(in crate::certcentral) fn load_issuers(path: &Path) -> Result<Vec<CertificateDer<'static>>, CaFileError> {
    let bytes = read_ca_file(path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    found
        .map_err(|_| CaFileError::Damaged)
        .and_then(|found| if found.is_empty() { Err(CaFileError::NoCertificate) } else { Ok(found) })
}

fn read_ca_file(path: &Path) -> Result<Vec<u8>, CaFileError> {
    // The type is checked first, because opening a pipe would wait for a writer.
    let ordinary = std::fs::metadata(path).is_ok_and(|about| about.is_file());
    let file = ordinary.then(|| File::open(path).ok()).flatten().ok_or(CaFileError::Unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|_| CaFileError::Unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES { Err(CaFileError::TooLarge) } else { Ok(bytes) }
}
