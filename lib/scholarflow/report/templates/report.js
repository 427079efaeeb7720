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
    if (parts) {
      const axis = Math.min(spec.usermeta.axis, width < narrow ? 138 : 999);
      spec.columns = Math.max(1, Math.min(spec.columns || 2, Math.floor(width / (least + Math.max(0, axis - 64)))));
      const panel = Math.max(120, Math.floor((width - 24 * (spec.columns - 1)) / spec.columns - axis - 6));
      for (const part of parts) part.width = panel;
    }
    if (width < narrow && longest(spec) > 24) withShortLines(spec);
    if (spec.usermeta && spec.usermeta.ratio) spec.height = Math.round(width * spec.usermeta.ratio);
    return spec;
  }

  // Long names of a legend in two lines.
  const twoLines = "split(replace(datum.label, regexp('^(.{14,}?) (.{10,})$'), '$1\\n$2'), '\\n')";
  function withShortLines(spec) {
    if (spec === null || typeof spec !== "object") return;
    if (spec.legend) spec.legend.labelExpr = twoLines;
    Object.values(spec).forEach(withShortLines);
  }

  // The longest name in a legend, in characters.
  function longest(spec) {
    if (spec === null || typeof spec !== "object") return 0;
    const own = spec.scale && Array.isArray(spec.scale.domain) && spec.legend ? spec.scale.domain : [];
    return Math.max(0, ...own.map((name) => String(name).length), ...Object.values(spec).map(longest));
  }

  function configured(specification, width) {
    const config = structuredClone(configuration);
    const letter = width < narrow ? 5.8 : 6.4;
    config.legend.columns = Math.max(1, Math.floor(width / (longest(specification) * letter + 36)));
    if (width < narrow) {
      config.axis.labelLimit = 140;
      config.axisX.tickCount = 4;
      config.legend.labelLimit = width - 40;
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
      config: configured(specifications[place.dataset.figure], width),
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
