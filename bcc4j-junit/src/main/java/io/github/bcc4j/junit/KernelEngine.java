package io.github.bcc4j.junit;

import io.github.bcc4j.junit.VmException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;

/** Runs tests that are {@link OnKernels} in virtual machines. Found by JUnit, as a service; nobody else needs it. */
public final class KernelEngine implements TestEngine {
    /** The engine's id. */
    public static final String ID = "bcc4j-kernels";

    /** Made by JUnit. */
    public KernelEngine() {}

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
        return KernelTree.discover(request, id);
    }

    /** Each kernel has a thread, which runs its classes in their order; this one reports them, class by class. */
    @Override
    public void execute(ExecutionRequest request) {
        EngineExecutionListener listener = request.getEngineExecutionListener();
        TestDescriptor root = request.getRootTestDescriptor();
        listener.executionStarted(root);
        Map<KernelPart, PartRun> runs = new LinkedHashMap<>();
        Map<String, List<PartRun>> byKernel = new LinkedHashMap<>();
        for (TestDescriptor type : root.getChildren()) {
            for (TestDescriptor child : type.getChildren()) {
                KernelPart part = (KernelPart) child;
                PartRun run = new PartRun(part);
                runs.put(part, run);
                byKernel.computeIfAbsent(part.kernel, name -> new ArrayList<>()).add(run);
            }
        }
        List<Thread> threads = start(byKernel);
        try {
            for (TestDescriptor type : root.getChildren()) {
                listener.executionStarted(type);
                for (TestDescriptor part : type.getChildren()) {
                    runs.get(part).report(listener);
                }
                listener.executionFinished(type, TestExecutionResult.successful());
            }
            listener.executionFinished(root, TestExecutionResult.successful());
        } catch (InterruptedException e) {
            listener.executionFinished(root, TestExecutionResult.aborted(e));
            Thread.currentThread().interrupt();
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }

    private static List<Thread> start(Map<String, List<PartRun>> byKernel) {
        List<Thread> threads = new ArrayList<>();
        if (byKernel.isEmpty()) {
            return threads;
        }
        int memory = byKernel.values().stream()
                .flatMap(List::stream)
                .mapToInt(run -> run.part().memory())
                .max()
                .orElseThrow();
        try {
            int wanted = Math.min(byKernel.size(), Runtime.getRuntime().availableProcessors());
            Semaphore places = new Semaphore(HostMemory.guests(wanted, memory, HostMemory.availableMegabytes()));
            byKernel.forEach((kernel, runs) -> threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("bcc4j-kernel " + kernel)
                    .start(() -> KernelRun.run(kernel, memory, runs, places))));
        } catch (IOException | VmException e) {
            VmException why = e instanceof VmException vm
                    ? vm
                    : new VmException(Reason.HOST, "see how much memory is left: " + e, null, "", e);
            byKernel.values().forEach(runs -> runs.forEach(run -> run.fail(why)));
        }
        return threads;
    }
}
