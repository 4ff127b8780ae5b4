// Proposes the reader's own time zone, where nobody has chosen one yet. Everything works without.
"use strict";

(() => {
  const field = document.querySelector("input[data-propose]");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field && own && field.value === field.defaultValue) {
    field.value = own;
  }
})();
