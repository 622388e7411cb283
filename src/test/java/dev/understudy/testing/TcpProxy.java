package dev.understudy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/**
 * A TCP connection's middle, which a test can cut, make silent or let change what the server says, to play a network that
 * is lost and things that stand in it.
 */
public final class TcpProxy implements AutoCloseable {
    private volatile ServerSocket server;
    private final int target;
    private final UnaryOperator<byte[]> answers;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicLong moved = new AtomicLong();
    private boolean stalled;

    private TcpProxy(ServerSocket server, int target, UnaryOperator<byte[]> answers) {
        this.server = server;
        this.target = target;
        this.answers = answers;
    }

    /** @param target port of the loopback interface to pass everything on to */
    public static TcpProxy start(int target) {
        return start(target, UnaryOperator.identity());
    }

    /** The same, with each piece that the server sends passed through a function. */
    public static TcpProxy start(int target, UnaryOperator<byte[]> answers) {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            TcpProxy proxy = new TcpProxy(server, target, answers);
            daemon(() -> proxy.accept(server));
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer changed as PgBouncer does: BackendKeyData, 'K' with length 12, names a process that does not exist. */
    public static byte[] withMadeUpProcessId(byte[] bytes) {
        for (int i = 0; i + 12 < bytes.length; i++) {
            if (bytes[i] == 'K' && bytes[i + 1] == 0 && bytes[i + 2] == 0 && bytes[i + 3] == 0 && bytes[i + 4] == 12) {
                bytes[i + 5] = 0;
                bytes[i + 6] = 0;
                bytes[i + 7] = 0;
                bytes[i + 8] = 1;
                return bytes;
            }
        }
        return bytes;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Bytes passed on so far, both ways. */
    public long moved() {
        return moved.get();
    }

    /** Waits until something more has been passed on, and then nothing for a moment. */
    public void awaitMoved() {
        long before = moved();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> moved() > before);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .during(Duration.ofMillis(300))
                .until(new Quiet());
    }

    /** Whether nothing moved since it was last asked. */
    private final class Quiet implements Callable<Boolean> {
        private long last = -1;

        @Override
        public Boolean call() {
            boolean quiet = moved() == last;
            last = moved();
            return quiet;
        }
    }

    /** Breaks all connections; new ones work. */
    public void cut() {
        sockets.forEach(TcpProxy::close);
        sockets.clear();
    }

    /** Passes nothing on any more, and tells nobody. */
    public synchronized void stall() {
        stalled = true;
    }

    /** Goes on after {@link #stall}. */
    public synchronized void resume() {
        stalled = false;
        notifyAll();
    }

    private synchronized void awaitFlow() throws InterruptedException {
        while (stalled) {
            wait();
        }
    }

    /** Breaks all connections, and refuses new ones, as a host that is down. */
    public void goAway() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    /** Takes connections again after {@link #goAway}, on the same port. */
    public void comeBack() {
        try {
            ServerSocket again = new ServerSocket(server.getLocalPort(), 50, InetAddress.getLoopbackAddress());
            server = again;
            daemon(() -> accept(again));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(upstream);
                daemon(() -> pass(client, upstream, UnaryOperator.identity()));
                daemon(() -> pass(upstream, client, answers));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    cut();
                }
            }
        }
    }

    private void pass(Socket from, Socket to, UnaryOperator<byte[]> change) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            int length;
            while ((length = input.read(buffer)) > 0) {
                awaitFlow();
                output.write(change.apply(Arrays.copyOf(buffer, length)));
                moved.addAndGet(length);
            }
        } catch (IOException e) {
            // The other side is told by closing, below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
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
        Thread thread = new Thread(work, "proxy");
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
        resume();
        cut();
    }
}
