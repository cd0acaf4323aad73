import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads Surefire's reports below a folder: how many tests ran, failed, were skipped, and why; then what ConformanceTest counted. */
class Summary {
    public static void main(String[] args) throws Exception {
        int run = 0;
        int failed = 0;
        Map<String, Integer> skipped = new TreeMap<>();
        for (Path report : reports(Path.of(args[0]))) {
            var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
            NodeList cases = document.getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                NodeList skip = test.getElementsByTagName("skipped");
                if (skip.getLength() > 0) {
                    String why = ((Element) skip.item(0)).getAttribute("message");
                    skipped.merge(why.isBlank() ? "no reason given: " + test.getAttribute("name") : why, 1, Integer::sum);
                } else if (test.getElementsByTagName("failure").getLength() > 0
                        || test.getElementsByTagName("error").getLength() > 0) {
                    failed++;
                } else {
                    run++;
                }
            }
        }
        skipped.forEach((why, n) -> System.out.println("skipped " + n + ": " + why.lines().findFirst().orElse("")));
        int skips = skipped.values().stream().mapToInt(Integer::intValue).sum();
        Path conformance = Path.of(args[0], "bcc4j-tests/target/conformance.txt");
        if (Files.exists(conformance)) {
            System.out.print(Files.readString(conformance));
        }
        System.out.println(run + " passed, " + failed + " failed, " + skips + " skipped");
        if (run == 0) {
            System.exit(1);
        }
    }

    private static List<Path> reports(Path root) throws IOException {
        try (Stream<Path> files = Files.find(root, 4, (p, a) -> p.toString().matches(".*/surefire-reports/TEST-.*\\.xml"))) {
            return files.sorted().toList();
        }
    }
}
