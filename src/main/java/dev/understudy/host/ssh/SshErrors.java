package dev.understudy.host.ssh;

import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.ShellQuote;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Says what went wrong with a connection so that the person at the keyboard can put it right. */
final class SshErrors {
    private static final List<String> AUTHENTICATION =
            List.of("auth fail", "auth cancel", "too many authentication failures", "userauth fail");

    private SshErrors() {}

    static UnderstudyException connecting(
            SshTarget target, SshHostKeys hostKeys, SshIdentities identities, Exception failure) {
        if (failure instanceof JSchChangedHostKeyException) {
            return changed(target, hostKeys, failure);
        }
        if (failure instanceof JSchUnknownHostKeyException) {
            return unknown(target, hostKeys, failure);
        }
        if (failure instanceof JSchHostKeyException) {
            return changed(target, hostKeys, failure);
        }
        String message = deepest(failure).toLowerCase(Locale.ROOT);
        if (AUTHENTICATION.stream().anyMatch(message::contains)) {
            return refused(target, identities, failure);
        }
        return unreachable(target.name(), "could not connect to host \"%s\"", deepest(failure), failure);
    }

    /** The host key is judged before any key is offered, so its verdict stands; a refusal of the keys does not. */
    static UnderstudyException endedDuringLogIn(
            SshTarget target, SshHostKeys hostKeys, SshIdentities identities, Exception failure) {
        UnderstudyException error = connecting(target, hostKeys, identities, failure);
        return error.code() == ErrorCode.SSH_AUTHENTICATION_FAILED
                ? unreachable(
                        target.name(),
                        "could not connect to host \"%s\"",
                        "The connection ended during the log-in.",
                        failure)
                : error;
    }

    static UnderstudyException lost(String host, String command, Throwable cause) {
        return UnderstudyException.of(
                        ErrorCode.HOST_UNREACHABLE,
                        "connection to host \"%s\" was lost during command: %s",
                        host,
                        command)
                .detail("%s", deepest(cause))
                .hint("Whether the command has ended there is not known.")
                .cause(cause)
                .build();
    }

    static UnderstudyException unreachable(String host, String message, String detail, Throwable cause) {
        return UnderstudyException.of(ErrorCode.HOST_UNREACHABLE, "%s", message.formatted(host))
                .detail("%s", detail)
                .cause(cause)
                .build();
    }

    private static UnderstudyException unknown(SshTarget target, SshHostKeys hostKeys, Exception cause) {
        return UnderstudyException.of(ErrorCode.SSH_HOST_KEY_UNKNOWN, "host key of \"%s\" is not known", target.name())
                .detail("The host shows %s.", hostKeys.shownKey())
                .hint("Compare this fingerprint with the one that the host's administrator gives you.")
                .hint(
                        "If they are the same, accept the key with: ssh-keyscan -p %d %s >> %s",
                        target.port(), ShellQuote.quote(target.hostName()), quoted(firstFile(target)))
                .hint(
                        "Or log in once with: ssh -p %d %s",
                        target.port(), ShellQuote.quote(target.user() + "@" + target.alias()))
                .cause(cause)
                .build();
    }

    private static UnderstudyException changed(SshTarget target, SshHostKeys hostKeys, Exception cause) {
        return UnderstudyException.of(
                        ErrorCode.SSH_HOST_KEY_CHANGED,
                        "HOST KEY OF \"%s\" HAS CHANGED: somebody may be listening in",
                        target.name())
                .detail(
                        "The host shows %s, which is not what is known for it. Nothing was sent to it.",
                        hostKeys.shownKey())
                .hint("Ask the host's administrator whether it was installed anew, and for its fingerprint.")
                .hint(
                        "Only then remove the old key with: ssh-keygen -R %s -f %s",
                        ShellQuote.quote(target.knownHostsName()), quoted(firstFile(target)))
                .cause(cause)
                .build();
    }

    private static UnderstudyException refused(SshTarget target, SshIdentities identities, Exception cause) {
        UnderstudyException.Builder builder = UnderstudyException.of(
                        ErrorCode.SSH_AUTHENTICATION_FAILED, "host \"%s\" accepts none of the keys", target.name())
                .detail("%s", identities.describe())
                .cause(cause);
        for (Path file : identities.encrypted()) {
            builder.hint("Put the key into the agent with: ssh-add %s", quoted(file));
        }
        return builder.hint(
                        "Add the public key of one of them to ~%s/.ssh/authorized_keys on the host, or name another key with IdentityFile in ~/.ssh/config.",
                        target.user())
                .build();
    }

    private static Path firstFile(SshTarget target) {
        return target.knownHosts().isEmpty()
                ? Path.of("~/.ssh/known_hosts")
                : target.knownHosts().get(0);
    }

    private static String quoted(Path file) {
        return ShellQuote.quote(file.toString());
    }

    /** JSch wraps the operating system's exception, which says it best. */
    static String deepest(Throwable failure) {
        Throwable deepest = failure;
        while (deepest instanceof JSchException && deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        if (message == null || deepest instanceof java.net.UnknownHostException) {
            return deepest.toString();
        }
        return message;
    }
}
