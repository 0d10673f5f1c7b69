package io.ringdaemon.gossip.mesh.security;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Certificates and private keys in PEM (RFC 7468); what is wrong is named with its line. Text
 * outside of blocks is ignored. Keys must be PKCS #8 and not encrypted; RSA, EC and Ed25519. Netty
 * reads PEM too, but tells no line, and of a key only that there is none.
 */
public final class Pem {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String KEY = "PRIVATE KEY";
  private static final String DASHES = "-----";

  private record Block(String label, int line, String base64) {}

  private Pem() {}

  /** All certificates of a file, at least one, as they stand in it. Blocks. */
  public static List<X509Certificate> certificates(Path file) throws SecretFileException {
    List<X509Certificate> found = new ArrayList<>();
    for (Block block : blocks(file)) {
      if (block.label.equals(CERTIFICATE)) {
        found.add(certificate(file, block));
      }
    }
    if (found.isEmpty()) {
      throw new SecretFileException(
          file, "holds no certificate (" + BEGIN + CERTIFICATE + DASHES + ")");
    }
    return found;
  }

  /** The private key of a file. Blocks. */
  public static PrivateKey privateKey(Path file) throws SecretFileException {
    for (Block block : blocks(file)) {
      if (block.label.equals(KEY)) {
        return key(file, block);
      }
      if (block.label.equals("ENCRYPTED " + KEY)) {
        throw new SecretFileException(
            file,
            block.line,
            "the key has a passphrase: take it off with openssl pkcs8 -in OLD -out NEW");
      }
      if (block.label.endsWith(KEY)) {
        throw new SecretFileException(
            file,
            block.line,
            "expected a key in PKCS #8: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW makes one");
      }
    }
    throw new SecretFileException(file, "holds no private key (" + BEGIN + KEY + DASHES + ")");
  }

  private static X509Certificate certificate(Path file, Block block) throws SecretFileException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(decoded(file, block)));
    } catch (CertificateException e) {
      throw new SecretFileException(file, block.line, "not a certificate: " + e.getMessage());
    }
  }

  private static PrivateKey key(Path file, Block block) throws SecretFileException {
    KeySpec bytes = new PKCS8EncodedKeySpec(decoded(file, block));
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(bytes);
      } catch (GeneralSecurityException e) {
        // the next kind may be the one
      }
    }
    throw new SecretFileException(file, block.line, "not a private key of RSA, EC or Ed25519");
  }

  private static List<Block> blocks(Path file) throws SecretFileException {
    List<Block> blocks = new ArrayList<>();
    String label = "";
    int began = 0;
    StringBuilder base64 = new StringBuilder();
    int number = 0;
    for (String line : SecretFile.text(file).lines().map(String::strip).toList()) {
      number++;
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        if (!label.isEmpty()) {
          throw new SecretFileException(file, number, "expected " + END + label + DASHES);
        }
        label = line.substring(BEGIN.length(), line.length() - DASHES.length());
        began = number;
        base64.setLength(0);
      } else if (!label.isEmpty() && line.equals(END + label + DASHES)) {
        blocks.add(new Block(label, began, base64.toString()));
        label = "";
      } else if (!label.isEmpty()) {
        base64.append(line);
      }
    }
    if (!label.isEmpty()) {
      throw new SecretFileException(file, began, BEGIN + label + DASHES + " has no end");
    }
    return blocks;
  }

  private static byte[] decoded(Path file, Block block) throws SecretFileException {
    try {
      return Base64.getDecoder().decode(block.base64);
    } catch (IllegalArgumentException e) {
      throw new SecretFileException(file, block.line, "not base64 between BEGIN and END");
    }
  }
}
