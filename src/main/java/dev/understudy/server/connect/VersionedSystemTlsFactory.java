package dev.understudy.server.connect;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/** TLS sockets that trust what the system trusts, held to a range of versions. The driver creates it by name. */
public final class VersionedSystemTlsFactory extends DefaultJavaSSLFactory {
    private final Properties properties;

    public VersionedSystemTlsFactory(Properties properties) {
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
