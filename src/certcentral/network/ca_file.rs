//! Issuers of certificates that are trusted besides those that the system trusts.
//!
//! It reads one file, and adds: nothing here takes trust away from the system's issuers, or checks less.

use crate::domain::CaFileError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// More bytes than the certificates of all public issuers together.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The certificates in a file, of which there is at least one.
pub(in crate::certcentral) fn load_issuers(path: &Path) -> Result<Vec<CertificateDer<'static>>, CaFileError> {
    let bytes = read_ca_file(path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    found
        .map_err(|_| CaFileError::Damaged)
        .and_then(|found| if found.is_empty() { Err(CaFileError::NoCertificate) } else { Ok(found) })
}

fn read_ca_file(path: &Path) -> Result<Vec<u8>, CaFileError> {
    // Looked at first, because opening a pipe would wait for somebody to write to it.
    let ordinary = std::fs::metadata(path).is_ok_and(|about| about.is_file());
    let file = ordinary.then(|| File::open(path).ok()).flatten().ok_or(CaFileError::Unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|_| CaFileError::Unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES { Err(CaFileError::TooLarge) } else { Ok(bytes) }
}
