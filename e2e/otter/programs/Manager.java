import com.sun.net.httpserver.*;
import java.io.*;
import java.net.*;
import java.sql.*;
import java.util.*;
import org.apache.zookeeper.*;

/** A stand-in for Otter's manager: pages over a database and ZooKeeper, 503 for ever if ZooKeeper is late, nodes ask it for their row. */
public final class Manager {
  static Properties settings;
  static ZooKeeper zk;

  static Connection database() throws SQLException {
    return DriverManager.getConnection(settings.getProperty("otter.database.driver.url").replace("jdbc:mysql:", "jdbc:mariadb:"),
      settings.getProperty("otter.database.driver.username"), settings.getProperty("otter.database.driver.password"));
  }

  static boolean answers(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 2000);
      return true;
    } catch (IOException error) { return false; }
  }

  /** A line for each node: its number, whether ZooKeeper has its lease, and whether its ports answer. */
  static String nodes() throws Exception {
    StringBuilder page = new StringBuilder();
    List<String> there = zk.exists("/otter/node", false) == null ? List.of() : zk.getChildren("/otter/node", false);
    try (Connection db = database(); ResultSet rows = db.createStatement().executeQuery("SELECT ID, IP, PORT FROM NODE ORDER BY ID")) {
      while (rows.next()) {
        String host = rows.getString(2);
        int port = rows.getInt(3);
        boolean started = there.contains(rows.getString(1));
        page.append(rows.getString(1)).append(started ? " started" : " stopped");
        if (started) page.append(answers(host, port) && answers(host, port + 2) ? " reached" : " lost");
        page.append('\n');
      }
    }
    return page.toString();
  }

  static void answer(HttpExchange exchange, int status, String text) throws IOException {
    exchange.sendResponseHeaders(status, Common.bytes(text).length);
    try (OutputStream out = exchange.getResponseBody()) { out.write(Common.bytes(text)); }
  }

  static void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try {
      if (zk == null) answer(exchange, 503, "the webapp failed");
      else if (path.equals("/monitor/ok.htm")) answer(exchange, 200, "server is ok!");
      else if (path.equals("/node_list.htm")) answer(exchange, 200, nodes());
      else if (path.equals("/")) {
        exchange.getResponseHeaders().add("Location", "http://" + settings.getProperty("otter.domainName") + ":" + settings.getProperty("otter.port") + "/node_list.htm");
        answer(exchange, 302, "");
      } else answer(exchange, 404, "no such page");
    } catch (Exception error) {
      Common.log("manager.log", "ERROR " + error);
      answer(exchange, 500, "error");
    }
  }

  /** `NID\n` in, `PORT SERVERS\n` out; nothing for a node that has no row. */
  static void tell(Socket socket) {
    try (socket; BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream())); Connection db = database()) {
      PreparedStatement query = db.prepareStatement("SELECT n.PORT, c.SERVER_LIST FROM NODE n, AUTOKEEPER_CLUSTER c WHERE n.ID = ? AND c.ID = 1");
      query.setString(1, in.readLine());
      ResultSet row = query.executeQuery();
      if (row.next()) socket.getOutputStream().write(Common.bytes(row.getString(1) + " " + row.getString(2).replaceAll("[\\[\\]\"]", "") + "\n"));
    } catch (Exception error) { Common.log("manager.log", "ERROR " + error); }
  }

  public static void main(String[] args) throws Exception {
    settings = Common.settings();
    zk = Common.connect(settings.getProperty("otter.zookeeper.cluster.default"), 20_000, 5_000);
    Common.log("manager.log", zk == null ? "ERROR no ZooKeeper" : "INFO ## start the manager server");
    if (zk != null) { Common.create(zk, "/otter"); Common.create(zk, "/otter/node"); }
    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(settings.getProperty("otter.port"))), 0);
    server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
    server.createContext("/", Manager::serve);
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Common.log("manager.log", "INFO ## stop the manager server")));
    ServerSocket nodes = new ServerSocket(Integer.parseInt(settings.getProperty("otter.communication.manager.port")));
    while (true) { Socket socket = nodes.accept(); new Thread(() -> tell(socket)).start(); }
  }
}
