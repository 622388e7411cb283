package dev.understudy.server.connect;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/** The driver's own TLS sockets, held to a range of versions. The driver creates it by name. */
public final class VersionedTlsFactory extends LibPQFactory {
    private final Properties properties;

    public VersionedTlsFactory(Properties properties) throws PSQLException {
        super(properties);
        this.properties = properties;
    }

    @Override
    public Socket createSocket(Socket below, String host, int port, boolean autoClose) throws IOException {
        Socket socket = super.createSocket(below, host, port, autoClose);
        TlsVersions.limit((SSLSocket) socket, properties);
        return socket;
    }
}
