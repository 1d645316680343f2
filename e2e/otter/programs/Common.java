import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import org.apache.zookeeper.*;

/** What both stand-ins share. */
final class Common {
  static Properties settings() throws IOException {
    Properties all = new Properties();
    try (Reader in = Files.newBufferedReader(Paths.get("../conf/otter.properties"))) { all.load(in); }
    return all;
  }

  private static PrintStream file;

  /** Otter logs into files only. */
  static synchronized void log(String name, String text) {
    try {
      if (file == null) {
        Path path = Paths.get("../logs/" + name);
        Files.createDirectories(path.getParent());
        file = new PrintStream(new FileOutputStream(path.toFile(), true), true);
      }
      file.println(text);
    } catch (IOException error) { throw new UncheckedIOException(error); }
  }

  /** A session, or null if ZooKeeper does not answer in time. */
  static ZooKeeper connect(String servers, int timeout, int wait) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper zk = new ZooKeeper(servers, timeout, event -> {
      if (event.getState() == Watcher.Event.KeeperState.SyncConnected) connected.countDown();
    });
    if (connected.await(wait, TimeUnit.MILLISECONDS)) return zk;
    zk.close();
    return null;
  }

  static void create(ZooKeeper zk, String path) throws Exception {
    try {
      zk.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    } catch (KeeperException.NodeExistsException there) { /* it is what was wanted */ }
  }

  static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }
}
