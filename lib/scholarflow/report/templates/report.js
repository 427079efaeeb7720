(() => {
  "use strict";
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const specifications = read("specifications");
  const configuration = read("configuration");
  const least = 300; // pixels of a panel with its axis, below which panels stand below one another
  const narrow = 520; // pixels of a figure, below which legends and labels take less room

  // A specification for so many pixels: panels side by side as far as there is room.
  function fitted(specification, width) {
    const spec = structuredClone(specification);
    const parts = spec.concat || (spec.facet && [spec.spec]);
    const { axis = 64, ratio = 0 } = spec.usermeta || {};
    if (parts) {
      const beside = width < narrow ? Math.min(axis, 138) : axis;
      spec.columns = Math.max(1, Math.min(spec.columns || 2, Math.floor(width / (least + Math.max(0, beside - 64)))));
      const panel = Math.max(120, Math.floor((width - 24 * (spec.columns - 1)) / spec.columns - beside - 6));
      for (const part of parts) part.width = panel;
    }
    if (ratio) spec.height = Math.round(width * ratio);
    withLegends(spec, width);
    return spec;
  }

  // Legends in as many columns as there is room for; on a phone, long names in two lines.
  const twoLines = "split(replace(datum.label, regexp('^(.{14,}?) (.{10,})$'), '$1\\n$2'), '\\n')";
  // A legend begins where the panel does: right of the labels of an axis of names.
  function withLegends(spec, width, beside = 40) {
    if (spec === null || typeof spec !== "object") return;
    const left = spec.y && spec.y.type === "nominal" ? 125 : beside;
    if (spec.legend && spec.scale && spec.scale.domain) {
      const longest = Math.max(...spec.scale.domain.map((name) => String(name).length));
      const folded = width < narrow && longest > 24;
      if (folded) spec.legend.labelExpr = twoLines;
      const letters = folded ? longest / 2 + 4 : longest;
      spec.legend.columns = Math.max(1, Math.floor((width - (width < narrow ? left : 130)) / (letters * (width < narrow ? 5.8 : 6.4) + 36)));
    }
    Object.values(spec).forEach((part) => withLegends(part, width, left));
  }

  function configured(width) {
    const config = structuredClone(configuration);
    if (width < narrow) {
      config.axis.labelLimit = 140;
      config.axisX.tickCount = 4;
      config.legend.labelFontSize = 11;
    }
    return config;
  }

  async function draw(place) {
    const width = Math.floor(place.clientWidth);
    place.dataset.width = width;
    const options = {
      mode: specifications[place.dataset.figure].$schema.includes("/vega/") ? "vega" : "vega-lite",
      renderer: "svg",
      actions: false,
      config: configured(width),
      tooltip: { disableDefaultStyle: true },
    };
    const drawn = await vegaEmbed(place, fitted(specifications[place.dataset.figure], width), options);
    place.dataset.drawn = "yes";
    return drawn;
  }

  const places = [...document.querySelectorAll(".chart")];
  async function drawAll() {
    for (const place of places) {
      if (Math.abs(place.clientWidth - Number(place.dataset.width || 0)) > 12) await draw(place);
    }
    document.documentElement.dataset.ready = "yes";
  }
  drawAll();
  let waiting;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 200);
  });

  // On paper every definition is open.
  const folds = () => document.querySelectorAll("#definitions details");
  window.addEventListener("beforeprint", () => folds().forEach((fold) => { fold.open = true; }));
  window.addEventListener("afterprint", () => folds().forEach((fold) => { fold.open = false; }));

  // Light or dark: the reader's system decides until the button does.
  const root = document.documentElement;
  const button = document.getElementById("ground");
  const dark = () => (root.dataset.ground || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = dark() ? "light" : "dark"; };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    root.dataset.ground = dark() ? "light" : "dark";
    label();
  });
})();
