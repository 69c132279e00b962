//! The messages of a TLS 1.2 server up to the check of its certificate, which is all that these tests need.
//!
//! The certificates are for 127.0.0.1 and self-signed; their keys are gone. The rest of the messages may therefore be
//! anything valid: no client goes on to check it.

/// Valid from 2000 to 2199, from an untrusted authority.
pub(crate) const UNTRUSTED: &str = "\
    308201593081ffa003020102020101300a06082a8648ce3d04030230143112301006035504030c093132372e302e302e313020170d303030\
    3130313030303030305a180f32313939313233313030303030305a30143112301006035504030c093132372e302e302e313059301306072a\
    8648ce3d020106082a8648ce3d03010703420004a3c444d57aff42d9945e7e1b44eca1413d5dd55e98bcee1cb9955aee1de8a8975aef27dc\
    e7debbe77a701fa326f2826df52ad4bb31989c0a435304d5ba81614ca340303e300c0603551d130101ff04023000300f0603551d11040830\
    0687047f000001301d0603551d0e04160414d0b5e1aa1d36add86c52db0e5f784ebfc2c4d32a300a06082a8648ce3d040302034900304602\
    2100e7c3b17837c1c30a413dd4652de3b7820fbdeb5109ea149c2b838d025bf507290221009036234e7938e02ca760d168568cd5d1865788\
    2b5ca1eee826a24c3177be1116";

/// The same, valid until 2001.
pub(crate) const EXPIRED: &str = "\
    308201563081fda003020102020101300a06082a8648ce3d04030230143112301006035504030c093132372e302e302e31301e170d303030\
    3130313030303030305a170d3031303130313030303030305a30143112301006035504030c093132372e302e302e313059301306072a8648\
    ce3d020106082a8648ce3d030107034200049f8698ff4adaba5bf0425eb89c18d35913019c5d9dfe3e40e749734b3baa17911edf1e11e3ce\
    73154f6b9db5eb492742a30325cb7e08dc99e5d193f4644725d7a340303e300c0603551d130101ff04023000300f0603551d110408300687\
    047f000001301d0603551d0e04160414a685ba931a656b592333c08f3ad5e28c9a1bfd92300a06082a8648ce3d0403020348003045022100\
    aeed360bf8969b3ff4bbc4afa8d4f5573d876c0143f3c961d4db26660286edb60220144256f541f6d11a1c2d6d007652e8fc4270cfebda64\
    82ff9c406d5ae5eb2a73";

/// A point of the curve, as the server's key share.
const POINT: &str = "04a3c444d57aff42d9945e7e1b44eca1413d5dd55e98bcee1cb9955aee1de8a8975aef27dc\
    e7debbe77a701fa326f2826df52ad4bb31989c0a435304d5ba81614c";

/// `ServerHello`, `Certificate`, `ServerKeyExchange` and `ServerHelloDone` (RFC 5246, 7.4; RFC 8422, 5.4).
pub(crate) fn flight(certificate: &str) -> Vec<u8> {
    let certificate = counted(3, &bytes(certificate));
    // TLS 1.2, its random bytes, no session, ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, no compression.
    let hello = [&[3, 3][..], &[7; 32], &[0], &[0xc0, 0x2b], &[0]].concat();
    // A named curve, secp256r1, the point; ecdsa_secp256r1_sha256 and no true signature.
    let share = [&[3, 0, 0x17][..], &counted(1, &bytes(POINT)), &[4, 3], &counted(2, &[7; 70])].concat();
    let output = [(2, hello), (11, counted(3, &certificate)), (12, share), (14, Vec::new())];
    let output: Vec<u8> = output.iter().flat_map(|(kind, body)| [&[*kind][..], &counted(3, body)].concat()).collect();
    [&[0x16, 3, 3][..], &counted(2, &output)].concat()
}

/// Returns bytes after their length, which takes this many bytes itself.
fn counted(width: usize, bytes: &[u8]) -> Vec<u8> {
    let count = bytes.len().to_be_bytes();
    [&count[count.len() - width..], bytes].concat()
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}
