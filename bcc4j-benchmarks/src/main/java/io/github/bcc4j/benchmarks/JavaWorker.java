package io.github.bcc4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The process that runs our side of a workload: a round for each line it reads. */
final class JavaWorker {
    private JavaWorker() {}

    /** Arguments: the workload's name, the variant, the size. */
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Task task = Workloads.named(args[0]).task().open(args[1], Integer.parseInt(args[2]))) {
            System.out.println("ready");
            while (in.readLine() != null) {
                Report report = new Report();
                task.round(report);
                System.out.println(report);
            }
        }
    }
}
