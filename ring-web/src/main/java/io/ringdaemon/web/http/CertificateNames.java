package io.ringdaemon.web.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The names in the certificate a client has shown, once TLS has verified it. */
final class CertificateNames {
  private static final Integer EMAIL = 1;
  private static final Integer DNS = 2;
  private static final Integer URI = 6;

  private CertificateNames() {}

  /** Common name, whole subject, then alternative names; none without TLS or a certificate. */
  static List<String> of(ChannelPipeline pipeline) {
    SslHandler tls = pipeline.get(SslHandler.class);
    if (tls == null) {
      return List.of();
    }
    try {
      return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate shown
          ? names(shown)
          : List.of();
    } catch (SSLPeerUnverifiedException noneShown) {
      return List.of();
    }
  }

  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    String subject = certificate.getSubjectX500Principal().getName();
    try {
      for (Rdn part : new LdapName(subject).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          names.add(String.valueOf(part.getValue()));
        }
      }
      names.add(subject);
      Collection<List<?>> more = certificate.getSubjectAlternativeNames();
      for (List<?> one : more == null ? List.<List<?>>of() : more) {
        if (EMAIL.equals(one.get(0)) || DNS.equals(one.get(0)) || URI.equals(one.get(0))) {
          names.add(String.valueOf(one.get(1)));
        }
      }
    } catch (InvalidNameException | CertificateParsingException odd) {
      return names; // what could be read stands
    }
    return names;
  }
}
