package io.github.bcc4j.junit;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.engine.DiscoveryFilter;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.OutputDirectoryCreator;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.discovery.UniqueIdSelector;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;

/** Makes the tree of tests of {@link KernelEngine} from what JUnit Jupiter finds: classes, in each the kernels, in each its tests. */
final class KernelTree {
    static final String JUPITER = "junit-jupiter";

    /** Names these kernels instead of those of all annotations. */
    private static final String KERNELS = "bcc4j.kernels";

    /** Has tests without an annotation run on these kernels. */
    private static final String EVERY = "bcc4j.kernels.every";

    private final EngineDescriptor root;
    private final Set<UniqueId> onlyThese;

    private KernelTree(UniqueId id, Set<UniqueId> onlyThese) {
        this.root = new EngineDescriptor(id, "Kernels");
        this.onlyThese = onlyThese;
    }

    /** Where a test runs: on the kernels of its annotation, unless others are named instead. */
    record Kernels(OnKernels annotation, String instead) {
        boolean here() {
            return List.of(annotation.value()).contains(OnKernels.HERE);
        }

        List<String> names() {
            Stream<String> names = instead.isBlank() ? Stream.of(annotation.value()) : Stream.of(instead.split(","));
            return names.map(String::strip)
                    .filter(name -> !name.equals(OnKernels.HERE))
                    .distinct()
                    .toList();
        }
    }

    /** The annotation of tests that have none. */
    @OnKernels({})
    private static final class Every {}

    /** What a test's annotation says: that of its method, else of its class or superclass, else of the classes around it. */
    static Optional<Kernels> kernels(TestDescriptor test) {
        Optional<Kernels> own = test.getSource()
                .flatMap(source -> switch (source) {
                    case MethodSource method ->
                        AnnotationSupport.findAnnotation(method.getJavaMethod(), OnKernels.class)
                                .or(() -> ofClass(method.getJavaClass()));
                    case ClassSource type -> ofClass(type.getJavaClass());
                    default -> Optional.empty();
                })
                .map(annotation -> new Kernels(annotation, System.getProperty(KERNELS, "")));
        String every = System.getProperty(EVERY, "");
        return own.isPresent() || every.isBlank()
                ? own
                : Optional.of(new Kernels(Every.class.getAnnotation(OnKernels.class), every));
    }

    private static Optional<OnKernels> ofClass(Class<?> type) {
        Optional<OnKernels> own = AnnotationSupport.findAnnotation(type, OnKernels.class);
        return own.isPresent() || type.getEnclosingClass() == null || Modifier.isStatic(type.getModifiers())
                ? own
                : ofClass(type.getEnclosingClass());
    }

    static EngineDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
        List<UniqueId> asked = request.getSelectorsByType(UniqueIdSelector.class).stream()
                .map(UniqueIdSelector::getUniqueId)
                .filter(one -> one.hasPrefix(id))
                .toList();
        boolean onlyIds = asked.size()
                == request.getSelectorsByType(DiscoverySelector.class).size();
        KernelTree tree = new KernelTree(id, onlyIds ? Set.copyOf(asked) : Set.of());
        if (!GuestJvm.isGuest()) {
            ServiceLoader.load(TestEngine.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(engine -> engine.getId().equals(JUPITER))
                    .findFirst()
                    .ifPresent(jupiter -> jupiter.discover(new Request(request, id), UniqueId.forEngine(JUPITER))
                            .getChildren()
                            .forEach(tree::addClass));
        }
        return tree.root;
    }

    private void addClass(TestDescriptor type) {
        KernelNode node = new KernelNode(
                root.getUniqueId().append(type.getUniqueId().getLastSegment()),
                type.getDisplayName(),
                type.getLegacyReportingName(),
                type.getSource().orElse(null),
                TestDescriptor.Type.CONTAINER,
                Set.copyOf(type.getTags()),
                type.getUniqueId().toString(),
                false);
        Map<String, KernelPart> parts = new LinkedHashMap<>();
        if (type.mayRegisterTests()) {
            kernels(type)
                    .ifPresent(where -> where.names()
                            .forEach(kernel -> part(parts, node, kernel, type).needs(where.annotation())));
        } else {
            leaves(type)
                    .forEach(leaf -> kernels(leaf)
                            .ifPresent(where -> where.names().forEach(kernel -> {
                                KernelPart part = part(parts, node, kernel, type);
                                if (mirror(part, type, leaf)) {
                                    part.needs(where.annotation());
                                }
                            })));
        }
        parts.values().stream()
                .filter(part -> part.isAskedFor() || !part.getChildren().isEmpty())
                .forEach(node::addChild);
        if (!node.getChildren().isEmpty()) {
            root.addChild(node);
        }
    }

    private static KernelPart part(Map<String, KernelPart> parts, KernelNode node, String kernel, TestDescriptor type) {
        return parts.computeIfAbsent(kernel, name -> new KernelPart(node.getUniqueId(), name, type));
    }

    /** Tests, and what makes tests when it runs. */
    private static Stream<TestDescriptor> leaves(TestDescriptor test) {
        return test.isTest() || test.mayRegisterTests()
                ? Stream.of(test)
                : test.getChildren().stream().flatMap(KernelTree::leaves);
    }

    /** Adds a leaf and the classes around it to a part, unless others are asked for. */
    private boolean mirror(KernelPart part, TestDescriptor type, TestDescriptor leaf) {
        List<TestDescriptor> path = new ArrayList<>();
        for (TestDescriptor up = leaf; up != type; up = up.getParent().orElseThrow()) {
            path.addFirst(up);
        }
        UniqueId id = part.getUniqueId();
        for (TestDescriptor step : path) {
            id = id.append(step.getUniqueId().getLastSegment());
        }
        UniqueId leafId = id;
        if (!onlyThese.isEmpty()
                && onlyThese.stream().noneMatch(one -> leafId.hasPrefix(one) || one.hasPrefix(leafId))) {
            return false;
        }
        KernelNode parent = part;
        for (TestDescriptor step : path) {
            KernelNode next = KernelNode.of(parent, step, part.kernel);
            KernelNode known = (KernelNode) parent.getChildren().stream()
                    .filter(child -> child.getUniqueId().equals(next.getUniqueId()))
                    .findFirst()
                    .orElse(null);
            if (known == null) {
                parent.addChild(next);
            }
            parent = known == null ? next : known;
        }
        return true;
    }

    /** The request as Jupiter sees it: our unique ids are its own, and what it has to say about classes it says in its own turn. */
    private record Request(EngineDiscoveryRequest request, UniqueId ours) implements EngineDiscoveryRequest {
        @Override
        public <T extends DiscoverySelector> List<T> getSelectorsByType(Class<T> type) {
            return request.getSelectorsByType(type).stream()
                    .map(this::translated)
                    .map(type::cast)
                    .toList();
        }

        private DiscoverySelector translated(DiscoverySelector selector) {
            if (!(selector instanceof UniqueIdSelector one)
                    || !one.getUniqueId().hasPrefix(ours)) {
                return selector;
            }
            UniqueId id = UniqueId.forEngine(JUPITER);
            for (Segment segment : one.getUniqueId()
                    .getSegments()
                    .subList(1, one.getUniqueId().getSegments().size())) {
                id = segment.getType().equals(KernelPart.SEGMENT) ? id : id.append(segment);
            }
            return DiscoverySelectors.selectUniqueId(id);
        }

        @Override
        public <T extends DiscoveryFilter<?>> List<T> getFiltersByType(Class<T> type) {
            return request.getFiltersByType(type);
        }

        @Override
        public ConfigurationParameters getConfigurationParameters() {
            return request.getConfigurationParameters();
        }

        @Override
        public OutputDirectoryCreator getOutputDirectoryCreator() {
            return request.getOutputDirectoryCreator();
        }
    }
}
