package dev.gatesvr.testkit.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A class with one piece of its source changed. The simulation runs against it in a class loader of
 * its own; a simulation that does not notice proves nothing about that line.
 *
 * @param source the file, relative to the directory that holds the modules
 * @param original what stands there exactly once
 * @param changed what stands there instead
 */
public record Mutant(String source, String original, String changed) {

  /**
   * Runs a public static method without parameters against the mutant.
   *
   * @param test the class of the method; it and everything under {@code dev.gatesvr} is loaded anew
   * @return what the method threw, or null when it did not notice
   */
  public @Nullable Throwable surviveOrThrow(Class<?> test, String method)
      throws IOException, ReflectiveOperationException {
    ClassLoader loader = new MutantLoader(test.getClassLoader(), compile());
    try {
      Method probe = loader.loadClass(test.getName()).getMethod(method);
      probe.setAccessible(true);
      probe.invoke(null);
      return null;
    } catch (InvocationTargetException e) {
      return e.getCause();
    }
  }

  private Map<String, byte[]> compile() throws IOException {
    Path file = Path.of("..").resolve(source);
    String code = Files.readString(file);
    int first = code.indexOf(original);
    if (first < 0 || code.indexOf(original, first + 1) >= 0) {
      throw new IllegalStateException(
          source + ": \"" + original + "\" (expected: to stand there exactly once)");
    }
    String mutated = code.replace(original, changed);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    try (Outputs outputs = new Outputs(compiler.getStandardFileManager(null, null, null))) {
      List<String> options =
          List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(
                  new OutputStreamWriter(messages, StandardCharsets.UTF_8),
                  outputs,
                  null,
                  options,
                  null,
                  List.of(new Source(file, mutated)))
              .call();
      if (!compiled) {
        throw new IllegalStateException("the mutant of " + source + ": " + messages);
      }
      return outputs.classes();
    }
  }

  /** The mutated text under the name of its file. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(Path file, String text) {
      super(URI.create("string:///" + file.getFileName()), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what the compiler makes in memory. */
  private static final class Outputs extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> outputs = new HashMap<>();

    Outputs(JavaFileManager manager) {
      super(manager);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      outputs.put(className, bytes);
      return new SimpleJavaFileObject(URI.create("mem:///" + className + ".class"), kind) {
        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }

    Map<String, byte[]> classes() {
      Map<String, byte[]> classes = new HashMap<>();
      outputs.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
      return classes;
    }
  }

  /** Loads this project's classes itself, the mutated ones from memory. */
  private static final class MutantLoader extends ClassLoader {
    private static final String OURS = "dev.gatesvr.";
    private final Map<String, byte[]> mutated;

    MutantLoader(ClassLoader parent, Map<String, byte[]> mutated) {
      super(parent);
      this.mutated = mutated;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(OURS) || name.startsWith(OURS + "proto.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      byte[] bytes = mutated.get(name);
      if (bytes == null) {
        String resource = name.replace('.', '/') + ".class";
        try (InputStream in = getParent().getResourceAsStream(resource)) {
          if (in == null) {
            throw new ClassNotFoundException(name);
          }
          bytes = in.readAllBytes();
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
