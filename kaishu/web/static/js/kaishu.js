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
})();
