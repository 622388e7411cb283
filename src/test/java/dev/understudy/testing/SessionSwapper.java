package dev.understudy.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Something between client and server that passes sessions through until {@link #swap} puts others in their place
 * without a word to the client, as a pooler does whose own connections were lost. For connections without TLS and
 * passwords.
 */
public final class SessionSwapper implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final List<Link> links = new CopyOnWriteArrayList<>();

    private SessionSwapper(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    /** @param target port of the loopback interface of a PostgreSQL server */
    public static SessionSwapper start(int target) {
        try {
            SessionSwapper swapper =
                    new SessionSwapper(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
            daemon(swapper::accept);
            return swapper;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Gives every client that is connected another session; call it while none of them waits for an answer. */
    public void swap() {
        links.forEach(Link::swap);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Link link = new Link(server.accept());
                links.add(link);
                daemon(link::fromClient);
            } catch (IOException e) {
                close();
            }
        }
    }

    private final class Link {
        private final Socket client;
        private byte[] startup = {};
        private volatile Socket upstream;

        Link(Socket client) throws IOException {
            this.client = client;
            this.upstream = new Socket(InetAddress.getLoopbackAddress(), target);
        }

        void fromClient() {
            byte[] buffer = new byte[64 << 10];
            try (Socket closing = client) {
                DataInputStream input = new DataInputStream(closing.getInputStream());
                byte[] message = new byte[input.readInt()];
                ByteBuffer.wrap(message).putInt(message.length);
                input.readFully(message, 4, message.length - 4);
                startup = message;
                upstream.getOutputStream().write(message);
                daemon(() -> toClient(upstream));
                int length;
                while ((length = input.read(buffer)) > 0) {
                    upstream.getOutputStream().write(buffer, 0, length);
                }
            } catch (IOException e) {
                // Either end has gone; the other one is closed below.
            } finally {
                links.remove(this);
                SessionSwapper.close(upstream);
            }
        }

        private void toClient(Socket from) {
            byte[] buffer = new byte[64 << 10];
            try {
                OutputStream output = client.getOutputStream();
                int length;
                while ((length = from.getInputStream().read(buffer)) > 0) {
                    output.write(buffer, 0, length);
                }
            } catch (IOException e) {
                // As above.
            }
            if (from == upstream) {
                SessionSwapper.close(client);
            }
        }

        void swap() {
            try {
                Socket other = new Socket(InetAddress.getLoopbackAddress(), target);
                other.getOutputStream().write(startup);
                awaitReady(new DataInputStream(other.getInputStream()));
                Socket before = upstream;
                upstream = other;
                daemon(() -> toClient(other));
                SessionSwapper.close(before);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Swallows what the log-in says, to ReadyForQuery. */
        private void awaitReady(DataInputStream input) throws IOException {
            int type;
            do {
                type = input.readUnsignedByte();
                input.readNBytes(input.readInt() - 4);
            } while (type != 'Z');
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "swapper");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        links.forEach(link -> close(link.client));
    }
}
