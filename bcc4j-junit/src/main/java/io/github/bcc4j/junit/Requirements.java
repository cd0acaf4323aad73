package io.github.bcc4j.junit;

import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.kernel.KernelVersion;
import io.github.bcc4j.kernel.Privileges;
import io.github.bcc4j.kernel.Privileges.Capability;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;

/** Skips by proof, and fails by doubt. */
final class Requirements implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), RequiresKernel.class)
                .flatMap(Requirements::tooOld)
                .or(() -> AnnotationSupport.findAnnotation(context.getElement(), RequiresFeature.class)
                        .flatMap(Requirements::lacking))
                .or(() -> AnnotationSupport.findAnnotation(context.getElement(), RequiresCapability.class)
                        .flatMap(Requirements::forbidden))
                .map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("everything it requires is there"));
    }

    private static Optional<String> tooOld(RequiresKernel required) {
        KernelVersion min;
        try {
            min = KernelVersion.parse(required.min());
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(
                    "@RequiresKernel(min = \"" + required.min() + "\"): " + e.getMessage(), e);
        }
        KernelVersion current = KernelVersion.current();
        return current.compareTo(min) >= 0
                ? Optional.empty()
                : Optional.of("needs Linux " + min + " or newer; this is Linux " + current);
    }

    private static Optional<String> lacking(RequiresFeature required) {
        String lacking = "";
        for (KernelFeature feature : required.value()) {
            Features.Result result = feature.probe();
            switch (result.state()) {
                case SUPPORTED -> {}
                case UNSUPPORTED -> lacking += (lacking.isEmpty() ? "" : "; ") + feature + ": " + result.reason();
                case UNKNOWN ->
                    throw new AssertionFailedError("whether Linux " + KernelVersion.current() + " has " + feature
                            + " can't be found out, so the test is not skipped: " + result.reason());
            }
        }
        return lacking.isEmpty()
                ? Optional.empty()
                : Optional.of("Linux " + KernelVersion.current() + " lacks " + lacking);
    }

    private static Optional<String> forbidden(RequiresCapability required) {
        Privileges here = Privileges.current();
        List<Capability> missing =
                Arrays.stream(required.value()).filter(c -> !has(here, c)).toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        String what =
                "this process lacks " + missing.stream().map(Capability::name).collect(Collectors.joining(" and "));
        if (required.orSkip()) {
            return Optional.of(what);
        }
        throw new AssertionFailedError(
                what + ", which is no lack of the kernel, so the test is not skipped: start it by "
                        + Privileges.command(missing) + ", or let it have @RequiresCapability(orSkip = true)");
    }

    private static boolean has(Privileges here, Capability capability) {
        return switch (capability) {
            case CAP_BPF, CAP_PERFMON ->
                here.has(Capability.CAP_SYS_ADMIN) || KernelVersion.current().isAtLeast(5, 8) && here.has(capability);
            default -> here.has(capability);
        };
    }
}
