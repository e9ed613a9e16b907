package dev.gatesvr.gateway.admin.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the page of a path. A key that ends in {@code /*} stands for everything below it that no
 * longer key names. Immutable.
 */
final class Routes {
  private final Map<String, Page> pages;

  Routes(Map<String, Page> pages) {
    this.pages = Map.copyOf(pages);
  }

  /** Null when there is none. */
  @Nullable Page find(String path) {
    Page page = pages.get(path);
    for (int slash = path.lastIndexOf('/');
        page == null && slash >= 0;
        slash = path.lastIndexOf('/', slash - 1)) {
      page = pages.get(path.substring(0, slash + 1) + "*");
    }
    return page;
  }
}
