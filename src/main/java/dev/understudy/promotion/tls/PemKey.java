package dev.understudy.promotion.tls;

import dev.understudy.postgres.Known;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key in a PEM file, looked at for one question alone: does it belong to a certificate? It is held in memory
 * for as long as the answer takes.
 *
 * <pre>
 * -----BEGIN PRIVATE KEY-----       PKCS #8, any algorithm
 * -----BEGIN RSA PRIVATE KEY-----   PKCS #1: what PKCS #8 wraps, without the algorithm
 * -----BEGIN EC PRIVATE KEY-----    SEC 1: the same for elliptic curves; parameters may precede it
 * </pre>
 */
final class PemKey {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ((?:[A-Z]+ )*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private static final byte SEQUENCE = 0x30;
    private static final byte OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private final String kind;
    private final byte[] der;

    private PemKey(String kind, byte[] der) {
        this.kind = kind;
        this.der = der;
    }

    /** Whether the key of a file belongs to a certificate's public key; unknown, with the reason, where that cannot be told. */
    static Known<Boolean> belongs(byte[] file, PublicKey certified) {
        Matcher matcher = BLOCK.matcher(new String(file, StandardCharsets.US_ASCII));
        if (!matcher.find()) {
            return Known.of(false);
        }
        String body = matcher.group(2);
        if (matcher.group(1).startsWith("ENCRYPTED") || body.contains("ENCRYPTED")) {
            return Known.unknown("the key has a passphrase");
        }
        String signature = SIGNATURES.get(certified.getAlgorithm());
        if (signature == null) {
            return Known.unknown("keys of kind %s cannot be tried".formatted(certified.getAlgorithm()));
        }
        try {
            PemKey key = new PemKey(matcher.group(1), Base64.getMimeDecoder().decode(body));
            return Known.of(key.signs(signature, certified));
        } catch (IllegalArgumentException | BufferUnderflowException | InvalidKeySpecException e) {
            // Not base64, cut short, or not a key of the certificate's kind.
            return Known.of(false);
        } catch (GeneralSecurityException e) {
            return Known.unknown("the key cannot be tried: " + e.getMessage());
        }
    }

    /** The proof that TLS itself takes: what the one signs, the other verifies. */
    private boolean signs(String algorithm, PublicKey certified) throws GeneralSecurityException {
        PrivateKey key = KeyFactory.getInstance(certified.getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(wrapped(certified)));
        byte[] text = "understudy".getBytes(StandardCharsets.US_ASCII);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(text);
        byte[] signed = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certified);
        verifier.update(text);
        return verifier.verify(signed);
    }

    /** PKCS #8 names the algorithm, and the curve with it: as the certificate does, else they do not belong together. */
    private byte[] wrapped(PublicKey certified) throws InvalidKeySpecException {
        if (kind.equals("PRIVATE KEY")) {
            return der;
        }
        if (!kind.equals(certified.getAlgorithm() + " PRIVATE KEY")) {
            throw new InvalidKeySpecException(kind);
        }
        byte[] inner = certified.getAlgorithm().equals("EC") ? withoutParameters() : der;
        return sequence(VERSION_0, algorithm(certified), element(OCTET_STRING, inner));
    }

    /** SEC 1 repeats the curve, and the public key, within the key; the JDK takes neither there. */
    private byte[] withoutParameters() {
        ByteBuffer encoded = ByteBuffer.wrap(der);
        enter(encoded);
        return sequence(next(encoded), next(encoded));
    }

    /** The first element within a public key: SEQUENCE of algorithm and bits. */
    private static byte[] algorithm(PublicKey certified) {
        ByteBuffer encoded = ByteBuffer.wrap(certified.getEncoded());
        enter(encoded);
        return next(encoded);
    }

    /** The element at the position, tag and length included; the position is then after it. */
    private static byte[] next(ByteBuffer encoded) {
        int start = encoded.position();
        int length = enter(encoded);
        byte[] whole = new byte[encoded.position() - start + length];
        encoded.position(start);
        encoded.get(whole);
        return whole;
    }

    /** Reads tag and length; the position is then at the contents. */
    private static int enter(ByteBuffer encoded) {
        encoded.get();
        int length = encoded.get() & 0xFF;
        if (length < 0x80) {
            return length;
        }
        int value = 0;
        for (int i = length & 0x7F; i > 0; i--) {
            value = value << 8 | encoded.get() & 0xFF;
        }
        if (value < 0 || value > encoded.remaining()) {
            throw new BufferUnderflowException();
        }
        return value;
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return element(SEQUENCE, joined.toByteArray());
    }

    private static byte[] element(byte tag, byte[] contents) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(tag);
        if (contents.length < 0x80) {
            bytes.write(contents.length);
        } else {
            bytes.write(0x82);
            bytes.write(contents.length >>> 8);
            bytes.write(contents.length);
        }
        bytes.writeBytes(contents);
        return bytes.toByteArray();
    }
}
