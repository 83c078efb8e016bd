// Comfort only: every page works without this file.
(function () {
  "use strict";

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      var box = button.closest(".copybox");
      var text = box.querySelector("code, .secret").textContent;
      navigator.clipboard.writeText(text).then(function () {
        var before = button.textContent;
        button.textContent = "✓";
        setTimeout(function () { button.textContent = before; }, 1500);
      });
    });
  });

  document.querySelectorAll("form[data-submit-on-change]").forEach(function (form) {
    form.addEventListener("change", function () { form.requestSubmit(); });
  });

  document.querySelectorAll("form[data-upload]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      var file = form.querySelector("input[type=file]");
      if (!file || !file.files.length || !window.FormData) return;
      event.preventDefault();
      var meter = form.querySelector("[data-meter]");
      var bar = meter.querySelector("progress");
      var said = meter.querySelector("output");
      var request = new XMLHttpRequest();
      meter.hidden = false;
      form.querySelectorAll("button").forEach(function (button) { button.disabled = true; });
      request.upload.addEventListener("progress", function (step) {
        if (!step.lengthComputable) return;
        bar.max = step.total;
        bar.value = step.loaded;
        said.textContent = Math.floor((100 * step.loaded) / step.total) + "%";
      });
      request.addEventListener("load", function () {
        if (request.status < 400) {
          window.location.assign(JSON.parse(request.responseText).next);
          return;
        }
        var answer = new DOMParser().parseFromString(request.responseText, "text/html");
        document.querySelector("main").replaceWith(answer.querySelector("main"));
        window.scrollTo(0, 0);
      });
      request.addEventListener("error", function () {
        form.querySelectorAll("button").forEach(function (button) { button.disabled = false; });
        meter.hidden = true;
        form.removeAttribute("data-upload");
        form.submit();
      });
      request.open("POST", form.action);
      request.setRequestHeader("X-Answer", "address");
      request.send(new FormData(form));
    });
  });

  // A task under way: its line is asked for again; once it is gone, the page shows what came of it.
  (function follow() {
    if (!document.querySelector("[data-refresh]")) return;
    setTimeout(function () {
      fetch(window.location.href, { credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(new Error(answer.statusText)); })
        .then(function (text) {
          var page = new DOMParser().parseFromString(text, "text/html");
          var line = page.querySelector("[data-refresh]");
          var part = line ? "[data-refresh]" : "main";
          document.querySelector(part).replaceWith(line || page.querySelector("main"));
          follow();
        })
        .catch(function () { /* the link to look again stays */ });
    }, 1500);
  })();

  // Suggestions while typing in a search box.
  document.querySelectorAll("[data-suggest]").forEach(function (bar) {
    var input = bar.querySelector("input[type=search]");
    var list = document.createElement("ul");
    var timer = 0, asked = "", place = -1;
    list.className = "suggestions";
    list.id = input.id + "-suggestions";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    bar.appendChild(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");

    function show(open) {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) { place = -1; input.removeAttribute("aria-activedescendant"); }
    }
    function fill(found) {
      list.textContent = "";
      found.forEach(function (each, number) {
        var line = document.createElement("li");
        var link = document.createElement("a");
        var kind = document.createElement("span");
        line.setAttribute("role", "option");
        line.id = list.id + "-" + number;
        link.href = each.href;
        link.tabIndex = -1;
        link.textContent = each.text;
        kind.className = "quiet small";
        kind.textContent = each.kind;
        link.appendChild(kind);
        line.appendChild(link);
        list.appendChild(line);
      });
      place = -1;
      show(found.length > 0);
    }
    input.addEventListener("input", function () {
      clearTimeout(timer);
      var text = input.value.trim();
      if (!text) { show(false); return; }
      timer = setTimeout(function () {
        asked = text;
        fetch(bar.dataset.suggest + "?q=" + encodeURIComponent(text))
          .then(function (answer) { return answer.ok ? answer.json() : []; })
          .then(function (found) { if (asked === text && document.activeElement === input) fill(found); })
          .catch(function () { show(false); });
      }, 120);
    });
    input.addEventListener("keydown", function (event) {
      var lines = list.children;
      if (event.key === "Escape") { show(false); return; }
      if (list.hidden || !lines.length) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (place >= 0) lines[place].removeAttribute("aria-selected");
        place = (place + (event.key === "ArrowDown" ? 1 : -1) + lines.length + 1) % (lines.length + 1);
        if (place === lines.length) { place = -1; input.removeAttribute("aria-activedescendant"); return; }
        lines[place].setAttribute("aria-selected", "true");
        input.setAttribute("aria-activedescendant", lines[place].id);
      } else if (event.key === "Enter" && place >= 0) {
        event.preventDefault();
        lines[place].querySelector("a").click();
      }
    });
    input.addEventListener("blur", function () { setTimeout(function () { show(false); }, 200); });
  });

  // Weights that are tried: a slider beside each number, and the ranking follows.
  document.querySelectorAll("form[data-live]").forEach(function (form) {
    var target = form.dataset.live, timer = 0, asked = 0;
    form.querySelectorAll("input[data-range]").forEach(function (input) {
      var slider = document.createElement("input");
      slider.type = "range";
      slider.min = 0;
      slider.max = 100;
      slider.step = "any";
      slider.value = input.value;
      slider.setAttribute("aria-label", form.querySelector("label[for='" + CSS.escape(input.id) + "']").textContent);
      slider.addEventListener("input", function () { input.value = Math.round(slider.value * 10) / 10; });
      input.addEventListener("input", function () { slider.value = input.value; });
      input.after(slider);
    });
    form.querySelector("[data-plain]").hidden = true;
    function look() {
      var mine = ++asked;
      var query = new URLSearchParams(new FormData(form));
      form.querySelectorAll("input[data-range]").forEach(function (input) {
        if (input.value === "" || input.value === input.dataset.before) query.delete(input.name);
      });
      var address = form.action + "?" + query;
      fetch(address, { credentials: "same-origin" })
        .then(function (answer) { return answer.text(); })
        .then(function (text) {
          if (mine !== asked) return;
          var page = new DOMParser().parseFromString(text, "text/html");
          var part = page.querySelector(target);
          if (!part) return;
          document.querySelector(target).replaceWith(part);
          page.querySelectorAll("[data-share]").forEach(function (each) {
            var shown = form.querySelector("[data-share='" + CSS.escape(each.dataset.share) + "']");
            if (shown) shown.textContent = each.textContent;
          });
          window.history.replaceState(null, "", address);
        })
        .catch(function () { form.querySelector("[data-plain]").hidden = false; });
    }
    form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(look, 25); });
  });
})();
