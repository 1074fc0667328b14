// Ed25519 (RFC 8032) and SHA-256 through OpenSSL's libcrypto, which libmosquitto has in the process anyway.

import CCrypto
import FoundationEssentials

/// The public key whose signature commands must bear.
package struct CommandKey: Sendable, Hashable {
    /// Of a key and of a signature, in bytes (RFC 8032, 5.1).
    private static let keyBytes = 32
    private static let signatureBytes = 64
    /// What stands before the key in DER, as `openssl pkey -pubout` writes it (RFC 8410, section 4).
    private static let derPrefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    /// Of a file that `init(file:)` refuses.
    package static let problem = "it holds no Ed25519 public key (32 bytes in hexadecimal or base64, or PEM)"

    private let bytes: [UInt8]

    /// A file's content: 64 hexadecimal digits, base64 of 32 bytes, or PEM as OpenSSL writes it. nil: none of these.
    package init?(file content: [UInt8]) {
        let lines = String(decoding: content.prefix(4096), as: UTF8.self).split(whereSeparator: \.isNewline)
        let text = lines.filter { !$0.hasPrefix("-----") }.joined().filter { !$0.isWhitespace }
        let isPEM = lines.count != lines.count { !$0.hasPrefix("-----") }
        if isPEM {
            guard let der = Data(base64Encoded: text), der.starts(with: Self.derPrefix) else { return nil }
            self.init(raw: Array(der.dropFirst(Self.derPrefix.count)))
        } else if let raw = hexadecimal(text) ?? Data(base64Encoded: text).map(Array.init) {
            self.init(raw: raw)
        } else {
            return nil
        }
    }

    /// nil where it is not 32 bytes, or no point of the curve as far as libcrypto looks.
    package init?(raw: [UInt8]) {
        guard raw.count == Self.keyBytes else { return nil }
        bytes = raw
        guard let key = make() else { return nil }
        EVP_PKEY_free(key)
    }

    /// Whether `signature` is this key's for exactly these bytes.
    package func isSigned(_ message: [UInt8], by signature: [UInt8]) -> Bool {
        guard signature.count == Self.signatureBytes, let key = make() else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        // Ed25519 has its hash within itself: no digest is named, and all is given at once.
        guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private func make() -> OpaquePointer? {
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
    }
}

/// In lower-case hexadecimal. nil only where libcrypto refuses SHA-256.
package func sha256(_ bytes: [UInt8]) -> String? {
    var digest = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    guard EVP_Digest(bytes, bytes.count, &digest, &count, EVP_sha256(), nil) == 1, count == 32 else { return nil }
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// nil: something else than pairs of digits.
private func hexadecimal(_ text: String) -> [UInt8]? {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count % 2 == 0, digits.count == 64 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
