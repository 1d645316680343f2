import java.io.*;
import java.net.*;
import java.util.*;
import org.apache.zookeeper.*;

/** A stand-in for Otter's node: its ports come from a row, its lease is a node of ZooKeeper, and it stays alive without one. */
public final class Node {
  static void listen(int port) throws IOException {
    ServerSocket server = new ServerSocket(port);
    Thread thread = new Thread(() -> { while (true) try { server.accept().close(); } catch (IOException error) { return; } });
    thread.start();
  }

  public static void main(String[] args) throws Exception {
    String nid = System.getProperty("nid");
    String log = "node" + nid + "/node.log";
    try {
      String[] manager = Common.settings().getProperty("otter.manager.address").split(":");
      String row;
      try (Socket socket = new Socket(manager[0], Integer.parseInt(manager[1]))) {
        socket.getOutputStream().write(Common.bytes(nid + "\n"));
        row = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
      }
      if (row == null) throw new IllegalStateException("ConfigException: nid " + nid + " is not in the manager");
      String[] parts = row.split(" ");
      int port = Integer.parseInt(parts[0]);
      for (int more = 0; more < 3; more++) listen(port + more);
      ZooKeeper zk = Common.connect(parts[1], 20_000, 10_000);
      try {
        zk.create("/otter/node/" + nid, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        Common.log(log, "INFO ## the otter node " + nid + " is started");
      } catch (KeeperException error) {
        // the ports are open, and it never registers
        Common.log(log, "ERROR ## " + error.getMessage());
      }
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        Common.log(log, "INFO ## stop the otter node " + nid);
        try { zk.close(); } catch (InterruptedException error) { /* the process ends */ }
      }));
    } catch (Exception error) {
      Common.log(log, "ERROR ## Something goes wrong when starting up: " + error);
      System.exit(0);
    }
  }
}
