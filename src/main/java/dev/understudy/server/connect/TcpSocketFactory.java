package dev.understudy.server.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Makes the driver's TCP sockets with libpq's {@code hostaddr} and {@code keepalives_*} options, which the driver itself
 * does not have. The driver creates it by name and passes {@code address|idle|interval|count}.
 */
public final class TcpSocketFactory extends SocketFactory {
    private final String address;
    private final int idleSeconds;
    private final int intervalSeconds;
    private final int count;

    /**
     * @param argument numeric address or nothing, seconds of silence before the first keepalive, seconds between two, and
     *     how many may stay unanswered; 0 leaves the system's value
     */
    public TcpSocketFactory(String argument) {
        String[] parts = argument.split("\\|", -1);
        this.address = parts[0];
        this.idleSeconds = Integer.parseInt(parts[1]);
        this.intervalSeconds = Integer.parseInt(parts[2]);
        this.count = Integer.parseInt(parts[3]);
    }

    static String argument(String address, int idleSeconds, int intervalSeconds, int count) {
        return address + "|" + idleSeconds + "|" + intervalSeconds + "|" + count;
    }

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new AddressedSocket(address);
        set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, idleSeconds);
        set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, intervalSeconds);
        set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, count);
        return socket;
    }

    private static void set(Socket socket, SocketOption<Integer> option, int value) throws IOException {
        if (value > 0 && socket.supportedOptions().contains(option)) {
            socket.setOption(option, value);
        }
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    private Socket connected(SocketAddress endpoint) throws IOException {
        Socket socket = createSocket();
        socket.connect(endpoint);
        return socket;
    }

    /** A socket that goes to a given address whatever the name resolves to. */
    private static final class AddressedSocket extends Socket {
        private final String address;

        AddressedSocket(String address) {
            this.address = address;
        }

        @Override
        public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
            if (address.isEmpty()) {
                super.connect(endpoint, timeoutMillis);
            } else {
                int port = ((InetSocketAddress) endpoint).getPort();
                super.connect(new InetSocketAddress(address, port), timeoutMillis);
            }
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            connect(endpoint, 0);
        }
    }
}
