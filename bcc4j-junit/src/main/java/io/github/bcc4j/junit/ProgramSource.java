package io.github.bcc4j.junit;

import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.ReflectionSupport;

/** What a {@link BpfTest} says is to be loaded. */
final class ProgramSource {
    private final BpfTest annotation;
    private final Class<?> testClass;

    ProgramSource(BpfTest annotation, Class<?> testClass) {
        this.annotation = annotation;
        this.testClass = testClass;
    }

    /** The module, empty if the annotation gives no text. The compiler is asked through a memory of texts. */
    Optional<CompiledModule> module(UnaryOperator<Object> compiled) {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("value", annotation.value());
        given.put("resource", annotation.resource());
        given.put("file", annotation.file());
        given.put("method", annotation.method());
        given.values().removeIf(String::isEmpty);
        if (given.size() > 1) {
            throw wrong("has " + String.join(" and ", given.keySet()) + ": one of them says what the C text is");
        }
        if (given.isEmpty()) {
            return Optional.empty();
        }
        String way = given.keySet().iterator().next();
        Object source = switch (way) {
            case "value" -> annotation.value();
            case "resource" -> resource(annotation.resource());
            case "file" -> file(Path.of(annotation.file()));
            default -> call(annotation.method());
        };
        return Optional.of((CompiledModule) (source instanceof CompiledModule ? source : compiled.apply(source)));
    }

    static CompiledModule compile(Object text) {
        return Compiler.compile((String) text, CompilerOptions.DEFAULT);
    }

    private ExtensionConfigurationException wrong(String what) {
        return new ExtensionConfigurationException("@BpfTest of " + testClass.getName() + " " + what);
    }

    private String resource(String name) {
        try (InputStream in = testClass.getResourceAsStream(name)) {
            if (in == null) {
                String path = name.startsWith("/")
                        ? name.substring(1)
                        : testClass.getPackageName().replace('.', '/') + "/" + name;
                throw wrong("names the resource \"" + name + "\", but there is no " + path + " on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw wrong("names the resource \"" + name + "\", which can't be read: " + e);
        }
    }

    private String file(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw wrong("names the file " + file.toAbsolutePath() + ", which can't be read: " + e);
        }
    }

    private Object call(String name) {
        Method method = method(name);
        boolean fits = Modifier.isStatic(method.getModifiers())
                && (method.getReturnType() == String.class || method.getReturnType() == CompiledModule.class);
        if (!fits) {
            throw wrong(
                    "names the method \"" + name + "\", which must be static and return a String or a CompiledModule");
        }
        Object text = ReflectionSupport.invokeMethod(method, null);
        if (text == null) {
            throw wrong("names the method \"" + name + "\", which returned null");
        }
        return text;
    }

    private Method method(String name) {
        int hash = name.indexOf('#');
        if (hash > 0) {
            Class<?> type = ReflectionSupport.tryToLoadClass(name.substring(0, hash))
                    .getOrThrow(e -> wrong("names the method \"" + name + "\", whose class can't be loaded: " + e));
            return ReflectionSupport.findMethod(type, name.substring(hash + 1))
                    .orElseThrow(
                            () -> wrong("names the method \"" + name + "\", which there is not without parameters"));
        }
        for (Class<?> type = testClass; type != null; type = type.getEnclosingClass()) {
            Optional<Method> found = ReflectionSupport.findMethod(type, name);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw wrong("names the method \"" + name + "\", which there is not without parameters");
    }
}
