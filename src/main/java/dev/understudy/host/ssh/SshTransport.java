package dev.understudy.host.ssh;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.Proxy;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SocketFactory;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * What an SSH connection runs over: TCP, or a channel of the connection to the host before it (ProxyJump). It notes when
 * bytes last came and whether a read or a write waits, from which {@link SshLiveness} tells a silent network from a
 * consumer that takes its time.
 */
final class SshTransport implements Proxy {
    private final @Nullable Session through;
    private @Nullable Socket socket;
    private @Nullable Channel channel;
    private @Nullable InputStream input;
    private @Nullable OutputStream output;
    private volatile boolean closed;
    private volatile boolean ended;
    private volatile boolean reading;
    private volatile boolean writing;
    private volatile long lastChange = System.nanoTime();

    /** @param through the connection that this one runs inside of; null for TCP */
    SshTransport(@Nullable Session through) {
        this.through = through;
    }

    @Override
    public void connect(@Nullable SocketFactory factory, String host, int port, int timeoutMillis) throws Exception {
        if (through == null) {
            Socket tcp = new Socket();
            socket = tcp;
            tcp.connect(new InetSocketAddress(host, port), timeoutMillis);
            tcp.setTcpNoDelay(true);
            input = new Reads(tcp.getInputStream());
            output = new Writes(tcp.getOutputStream());
        } else {
            Channel tunnel = through.getStreamForwarder(host, port);
            channel = tunnel;
            tunnel.setLocalWindowSizeMax(SshConnection.WINDOW);
            tunnel.setLocalPacketSize(SshConnection.PACKET);
            BytePipe pipe = new BytePipe(SshConnection.WINDOW);
            tunnel.setOutputStream(pipe.sink());
            OutputStream out = tunnel.getOutputStream();
            tunnel.connect(timeoutMillis);
            input = new Reads(pipe.source());
            output = new Writes(out);
        }
        lastChange = System.nanoTime();
        if (closed) {
            close();
        }
    }

    /** Since when nothing came, in nanoseconds, while someone waits to read or to write; 0 while nobody waits. */
    long silentNanos() {
        return reading || writing ? System.nanoTime() - lastChange : 0;
    }

    /** Whether the other end, or the network, ended the connection before this side did. */
    boolean isEnded() {
        return ended;
    }

    private void noteEnd() {
        if (!closed) {
            ended = true;
        }
    }

    @Override
    public @Nullable InputStream getInputStream() {
        return input;
    }

    @Override
    public @Nullable OutputStream getOutputStream() {
        return output;
    }

    @Override
    public @Nullable Socket getSocket() {
        return socket;
    }

    @Override
    public void close() {
        closed = true;
        try {
            if (socket != null) {
                socket.close();
            }
            if (input != null && channel != null) {
                input.close();
            }
        } catch (IOException e) {
            // It is given up either way.
        }
        if (channel != null) {
            channel.disconnect();
        }
    }

    /** Notes reads. */
    private final class Reads extends FilterInputStream {
        Reads(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            // What was read before may have been worked on for long; the silence begins here.
            lastChange = System.nanoTime();
            reading = true;
            try {
                int count = in.read(bytes, offset, length);
                if (count < 0) {
                    noteEnd();
                }
                return count;
            } catch (IOException e) {
                noteEnd();
                throw e;
            } finally {
                lastChange = System.nanoTime();
                reading = false;
            }
        }
    }

    /** Notes writes. */
    private final class Writes extends FilterOutputStream {
        Writes(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writing = true;
            try {
                out.write(bytes, offset, length);
                out.flush();
            } finally {
                writing = false;
            }
        }
    }
}
