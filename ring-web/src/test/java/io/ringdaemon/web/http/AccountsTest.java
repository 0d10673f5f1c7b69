package io.ringdaemon.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may, from lines of a file. */
final class AccountsTest {
  private static final String TOKEN = "0123456789abcdef0123";

  @Test
  void eachKindOfLineIsRead() {
    String hash = PasswordHash.of("opensesame".toCharArray(), new SecureRandom()).toString();
    Accounts accounts =
        Accounts.parse(
            "accounts",
            """
            # who may
            operator token deploy %s

            reader\ttoken  ci  sha256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08 # test
            operator password alice %s
            reader certificate CN=ring-1
            reader anonymous
            """
                .formatted(TOKEN, hash));

    assertThat(accounts.byToken(TOKEN)).contains(new Identity("deploy", Role.OPERATOR, "token"));
    assertThat(accounts.byToken("test")).contains(new Identity("ci", Role.READER, "token"));
    assertThat(accounts.byToken(TOKEN + "x")).isEmpty();
    assertThat(accounts.byToken("")).isEmpty();
    assertThat(accounts.byPassword("alice", "opensesame"))
        .contains(new Identity("alice", Role.OPERATOR, "password"));
    assertThat(accounts.byPassword("alice", "opensesamE")).isEmpty();
    assertThat(accounts.byPassword("bob", "opensesame")).isEmpty();
    assertThat(accounts.byCertificate(List.of("ring-1", "CN=ring-1")))
        .contains(new Identity("CN=ring-1", Role.READER, "certificate"));
    assertThat(accounts.byCertificate(List.of("ring-1"))).isEmpty();
    assertThat(accounts.anonymousMayRead()).isTrue();
    assertThat(accounts.toString()).doesNotContain(TOKEN).doesNotContain(hash);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                   | f: names nobody; expected lines ROLE KIND NAME"
            + " SECRET",
        "# a                                  | f: names nobody; expected lines ROLE KIND NAME"
            + " SECRET",
        "admin token a 0123456789abcdef       | f:1: expected a role, reader or operator, first",
        "reader                               | f:1: expected token, password, certificate or"
            + " anonymous after the role",
        "reader tokn a b                      | f:1: expected token, password, certificate or"
            + " anonymous after the role",
        "reader token a                       | f:1: expected 4 words: ROLE token NAME SECRET",
        "reader token a short                 | f:1: a token has at least 16 characters: keygen"
            + " makes one",
        "reader token a sha256:12             | f:1: expected 64 hexadecimal digits after sha256:",
        "reader password a opensesame         | f:1: expected a hash as ring-daemon keygen"
            + " --password=NAME prints it, not the password",
        "reader password a"
            + " pbkdf2-sha256:99999999:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            + " | f:1: expected a hash as ring-daemon keygen --password=NAME prints it, not the"
            + " password",
        "operator anonymous                   | f:1: anonymous can only be a reader"
      })
  void whatIsWrongIsToldWithItsLineAndWithoutSecrets(String text, String problem) {
    assertThatThrownBy(() -> Accounts.parse("f", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(problem);
  }

  @Test
  void twoOfOneNameAreRefused() {
    assertThatThrownBy(() -> Accounts.parse("f", "reader certificate a\noperator certificate a\n"))
        .hasMessage("f:2: a is there twice");
  }
}
