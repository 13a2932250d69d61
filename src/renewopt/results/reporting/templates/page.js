"use strict";
(function () {
  // A4 less its margins, in pixels at 96 dpi: charts are drawn anew at this width for print.
  const PAPER = 690;
  const PAGE = 840;
  const FLATTER = 0.78;
  const NARROW = 600;
  const plots = Array.from(document.querySelectorAll(".plot"));

  function fitted(layout, width) {
    if (width >= NARROW) return layout;
    const small = Object.assign({}, layout, {
      font: Object.assign({}, layout.font, { size: 11 }),
      margin: Object.assign({}, layout.margin, { r: 10 }),
    });
    for (const key of Object.keys(small)) {
      if (/^xaxis\d*$/.test(key)) small[key] = Object.assign({}, small[key], { nticks: 5 });
    }
    return small;
  }

  function draw(plot, paper) {
    const figure = JSON.parse(document.getElementById("data-" + plot.dataset.chart).textContent);
    const width = paper ? PAPER : plot.clientWidth;
    const layout = fitted(figure.layout, width);
    if (paper) {
      layout.width = PAPER;
      layout.height = Math.min(Math.round(layout.height * FLATTER), PAGE);
      layout.autosize = false;
    }
    plot.style.height = layout.height + "px";
    // Drawn anew and not changed: a change of a flow moves slowly into place, which print would not wait for.
    Plotly.purge(plot);
    return Plotly.newPlot(plot, figure.data, layout, {
      responsive: true,
      displaylogo: false,
      showSendToCloud: false,
      displayModeBar: !paper && width >= NARROW,
      modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
      toImageButtonOptions: { format: "png", scale: 2, filename: plot.dataset.chart },
    }).then(function () { plot.dataset.drawn = "yes"; });
  }

  if (plots.length) {
    plots.forEach(function (plot) { draw(plot, false); });
    window.addEventListener("beforeprint", function () { plots.forEach(function (plot) { draw(plot, true); }); });
    window.addEventListener("afterprint", function () { plots.forEach(function (plot) { draw(plot, false); }); });
  }
})();
