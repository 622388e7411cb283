package dev.understudy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A TCP relay on loopback to a server, which a test can make go silent, cut, or change what the server says. */
public final class FlakyProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final UnaryOperator<byte[]> answers;
    private volatile boolean silent;

    private FlakyProxy(int target, UnaryOperator<byte[]> answers) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        this.answers = answers;
    }

    /** Relays to a port of loopback. */
    public static FlakyProxy to(int port) {
        return to(port, bytes -> bytes);
    }

    /** Relays, passing each piece that the server sends through a function. */
    public static FlakyProxy to(int port, UnaryOperator<byte[]> answers) {
        try {
            FlakyProxy proxy = new FlakyProxy(port, answers);
            start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** From now on nothing gets through, and no side is told. */
    public void silence() {
        silent = true;
    }

    /** Cuts every connection. */
    public void cut() {
        sockets.forEach(FlakyProxy::close);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(client, server));
                start(() -> relay(client, server, bytes -> bytes));
                start(() -> relay(server, client, answers));
            }
        } catch (IOException e) {
            // The listener was closed: the test is over.
            cut();
        }
    }

    private void relay(Socket from, Socket to, UnaryOperator<byte[]> change) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[65536];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (!silent) {
                    out.write(change.apply(java.util.Arrays.copyOf(buffer, count)));
                }
            }
        } catch (IOException e) {
            // One side is gone, so the other one must go.
        } finally {
            close(from);
            close(to);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "flaky-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
