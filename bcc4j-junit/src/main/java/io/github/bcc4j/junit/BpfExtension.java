package io.github.bcc4j.junit;

import io.github.bcc4j.BPF;
import io.github.bcc4j.junit.workload.Workloads;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** What {@link BpfTest} does. What it holds is in JUnit's stores, which are closed however a test ends. */
final class BpfExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                ParameterResolver,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {
    private static final Namespace NAMESPACE = Namespace.create(BpfExtension.class);

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        watch(context);
    }

    private static void watch(ExtensionContext context) {
        LeakCheck outer = store(context).get(LeakCheck.class, LeakCheck.class);
        store(context).put(LeakCheck.class, new LeakCheck(context.getDisplayName(), outer));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (store(context).get(LeakCheck.class) == null) {
            watch(context); // annotated on the method alone
        }
        BpfTest annotation = annotation(context);
        try {
            ProgramSource source = new ProgramSource(annotation, context.getRequiredTestClass());
            Store modules = store(context.getRoot());
            store(context)
                    .put(
                            Experiment.class,
                            new Experiment(
                                    source.module(text -> modules.getOrComputeIfAbsent(text, ProgramSource::compile))));
        } catch (RuntimeException e) {
            throw reported(context, e);
        }
    }

    /** Here rather than by the store, as JUnit hides what closing throws behind an exception of its own. */
    @Override
    public void afterEach(ExtensionContext context) {
        Experiment experiment = store(context).get(Experiment.class, Experiment.class);
        if (experiment != null) {
            experiment.close();
        }
    }

    private static BpfTest annotation(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getTestMethod(), BpfTest.class)
                .or(() -> {
                    Optional<BpfTest> found = Optional.empty();
                    Class<?> type = context.getRequiredTestClass();
                    for (; type != null && found.isEmpty(); type = type.getEnclosingClass()) {
                        found = AnnotationSupport.findAnnotation(type, BpfTest.class);
                    }
                    return found;
                })
                .orElseThrow(() -> new IllegalStateException("BpfExtension is for @BpfTest"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == BPF.class
                || type == Workloads.class
                || parameter.isAnnotated(Table.class)
                || parameter.isAnnotated(Events.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Experiment experiment = store(context).get(Experiment.class, Experiment.class);
        if (experiment == null) {
            throw new ParameterResolutionException(
                    "an experiment begins before each test: its parameters are for test, @BeforeEach and @AfterEach"
                            + " methods, not for constructors and @BeforeAll");
        }
        Type type = parameter.getParameter().getParameterizedType();
        if (type == BPF.class) {
            return experiment.bpf();
        }
        if (type == Workloads.class) {
            return experiment.workloads();
        }
        return parameter
                .findAnnotation(Events.class)
                .<Object>map(events -> experiment.record(events, eventType(events, type)))
                .orElseGet(() -> new TableParameters(
                                experiment.bpf(),
                                parameter
                                        .findAnnotation(Table.class)
                                        .orElseThrow()
                                        .value(),
                                type)
                        .resolve());
    }

    private static Class<?> eventType(Events events, Type type) {
        if (type instanceof ParameterizedType p
                && p.getRawType() == Recording.class
                && p.getActualTypeArguments()[0] instanceof Class<?> event) {
            return event;
        }
        throw new ParameterResolutionException("@Events(\"" + events.value() + "\") can't be of type "
                + type.getTypeName() + ": it is a Recording of a class, such as Recording<MyEvent>");
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw reported(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw reported(context, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw reported(context, failure);
    }

    /** The same failure, with what the experiment knows about it. */
    private static <T extends Throwable> T reported(ExtensionContext context, T failure) {
        if (failure instanceof TestAbortedException) {
            return failure;
        }
        Experiment experiment = store(context).get(Experiment.class, Experiment.class);
        ExperimentReport report =
                ExperimentReport.on(failure, experiment, annotation(context).lastEvents());
        if (!report.parts().isEmpty()) {
            failure.addSuppressed(report);
            context.publishReportEntry(report.parts());
        }
        return failure;
    }
}
