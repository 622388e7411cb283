package dev.understudy.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for the servers of a test. Each process of the test run has a range of its own (system property
 * {@code understudy.fork}, 1 to 6), below those that the kernel gives to clients, so that nobody takes a port between the
 * moment it was found free and the moment a server listens there. They are handed out in turn and far apart: the run
 * under test may give a standby the next port after its primary's.
 */
final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int FORKS = 6;
    private static final int RANGE = 3_700;
    private static final int STEP = 10;
    private static final int SLOTS = RANGE / STEP;

    private static final int START = LOWEST + (Integer.getInteger("understudy.fork", 1) - 1) % FORKS * RANGE;

    /** Another build of the same machine begins elsewhere. */
    private static int next = ThreadLocalRandom.current().nextInt(SLOTS);

    private FreePorts() {}

    /** A port of the loopback interface that nobody listens on, and that is not given again soon. */
    static synchronized int take() {
        for (int tries = 0; tries < SLOTS; tries++) {
            int port = START + next % SLOTS * STEP;
            next++;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + START + " to " + (START + RANGE - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
