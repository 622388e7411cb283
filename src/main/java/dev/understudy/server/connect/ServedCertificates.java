package dev.understudy.server.connect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Reads the certificates that a server shows to its clients: the start of a connection up to the end of the TLS
 * handshake, without logging in. Whether they are to be trusted is not asked here; nothing secret is ever sent.
 *
 * <p>Source: {@code SSLRequest} in "Message Formats" of PostgreSQL's documentation.
 */
public final class ServedCertificates {
    private static final int REQUEST_LENGTH = 8;
    private static final int SSL_REQUEST = 80877103;

    private ServedCertificates() {}

    /**
     * Reads them from the first endpoint of a connection string that is not a Unix socket, where TLS is not spoken.
     *
     * @param limit of connecting, and of each wait for an answer
     * @return the server's own certificate first; empty if it answers that it does not do TLS
     * @throws UnderstudyException {@link ErrorCode#TLS_MISMATCH} if there is no such endpoint or the handshake fails; {@link
     *     ErrorCode#HOST_NOT_RESOLVED} or {@link ErrorCode#SERVER_UNREACHABLE} if the server cannot be reached
     */
    public static List<X509Certificate> read(ResolvedConninfo conninfo, Duration limit) {
        Endpoint endpoint = conninfo.endpoints().stream()
                .filter(each -> !each.isUnixSocket())
                .findFirst()
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.TLS_MISMATCH,
                                "the connection goes through a Unix socket, where TLS is not spoken")
                        .build());
        try (Socket socket = connect(endpoint, limit)) {
            return shake(socket, endpoint);
        } catch (UnknownHostException e) {
            throw UnderstudyException.of(
                            ErrorCode.HOST_NOT_RESOLVED, "could not resolve host name \"%s\"", endpoint.host())
                    .cause(e)
                    .build();
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.SERVER_UNREACHABLE, "could not connect %s", endpoint)
                    .detail("%s", String.valueOf(e.getMessage()))
                    .cause(e)
                    .build();
        }
    }

    private static Socket connect(Endpoint endpoint, Duration limit) throws IOException {
        Socket socket = new Socket();
        try {
            String place = endpoint.address().isEmpty() ? endpoint.host() : endpoint.address();
            InetSocketAddress address = new InetSocketAddress(place, endpoint.port());
            if (address.isUnresolved()) {
                throw new UnknownHostException(place);
            }
            socket.connect(address, (int) limit.toMillis());
            socket.setSoTimeout((int) limit.toMillis());
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static List<X509Certificate> shake(Socket socket, Endpoint endpoint) throws IOException {
        socket.getOutputStream()
                .write(ByteBuffer.allocate(REQUEST_LENGTH)
                        .putInt(REQUEST_LENGTH)
                        .putInt(SSL_REQUEST)
                        .array());
        int answer = socket.getInputStream().read();
        if (answer == 'N') {
            return List.of();
        }
        if (answer != 'S') {
            throw new IOException(answer < 0 ? "the server closed the connection" : "the answer is not PostgreSQL's");
        }
        try (SSLSocket tls = (SSLSocket)
                trustingAnyone().getSocketFactory().createSocket(socket, endpoint.host(), endpoint.port(), false)) {
            tls.startHandshake();
            Certificate[] chain = tls.getSession().getPeerCertificates();
            return Arrays.stream(chain)
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.TLS_MISMATCH, "could not shake hands over TLS %s", endpoint)
                    .detail("%s", String.valueOf(e.getMessage()))
                    .cause(e)
                    .build();
        }
    }

    private static SSLContext trustingAnyone() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without TLS", e);
        }
    }

    /** Takes every certificate: an expired one is what is looked for. The session ends with the handshake. */
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
