"use strict";
(function () {
  // A4 less its margins, in pixels at 96 dpi: charts are drawn anew at this width for print.
  const PAPER = 690;
  const PAGE = 840;
  const FLATTER = 0.78;
  const NARROW = 600;
  const LOCALES = {
    zh: {
      dictionary: {
        "Zoom in": "放大",
        "Zoom out": "缩小",
        "Reset axes": "还原坐标轴",
        "Reset view": "还原",
        "Reset views": "还原",
        "Reset": "还原",
        "Zoom": "框选放大",
        "Pan": "平移",
        "Download plot": "下载图片",
        "Download plot as a PNG": "下载图片",
        "Taking snapshot - this may take a few seconds": "正在生成图片……",
        "Snapshot succeeded": "图片已生成",
        "Sorry, there was a problem downloading your snapshot!": "图片未能生成",
        "Double-click to zoom back out": "双击还原",
        "Double-click on legend to isolate one trace": "双击图例只显示该项",
        "source:": "来自：",
        "target:": "去往：",
        "incoming flow count": "流入数",
        "outgoing flow count": "流出数",
        "median:": "中位数：",
        "min:": "最小：",
        "max:": "最大：",
        "q1:": "下四分位：",
        "q3:": "上四分位：",
        "lower fence:": "下须：",
        "upper fence:": "上须：",
        "mean:": "均值：",
      },
    },
  };
  const plots = Array.from(document.querySelectorAll(".plot"));

  function fitted(figure, width) {
    const layout = figure.layout;
    if (width >= NARROW) return layout;
    // A legend takes more lines in a narrow window: give it the room, so that it does not scroll.
    const entries = figure.data.filter(function (trace) { return trace.name && trace.showlegend !== false; }).length;
    const extra = layout.showlegend === false || entries < 4 ? 0 : 13 * entries;
    const small = Object.assign({}, layout, {
      font: Object.assign({}, layout.font, { size: 11 }),
      height: layout.height + extra,
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
    const layout = fitted(figure, width);
    if (paper) {
      layout.width = PAPER;
      const axes = Object.keys(layout).filter(function (key) { return /^[xy]axis\d*$/.test(key); });
      const rows = axes.some(function (key) { return layout[key].type === "category"; });
      const height = Math.round(layout.height * (rows ? 1 : FLATTER));
      layout.height = Math.min(height, PAGE);
      if (height > PAGE) {
        // Panels move together: smaller letters, and of axes that go together the last alone is written.
        layout.font = Object.assign({}, layout.font, { size: 10 });
        for (const key of axes) {
          layout[key] = Object.assign({}, layout[key], layout[key].matches ? { showticklabels: false } : {}, { tickfont: { size: 10 } });
        }
      }
      layout.autosize = false;
    }
    plot.style.height = layout.height + "px";
    // Drawn anew and not changed: a change of a flow moves slowly into place, which print would not wait for.
    Plotly.purge(plot);
    return Plotly.newPlot(plot, figure.data, layout, {
      responsive: true,
      locale: document.documentElement.lang.startsWith("zh") ? "zh" : "en",
      locales: LOCALES,
      displaylogo: false,
      showSendToCloud: false,
      displayModeBar: !paper && width >= NARROW,
      modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
      toImageButtonOptions: { format: "png", scale: 2, filename: plot.dataset.chart },
    }).then(function () { plot.dataset.drawn = "yes"; });
  }

  const lookup = document.getElementById("data-lookup");

  function element(name, text, parent) {
    const made = document.createElement(name);
    // Text alone: whatever a scenario calls its households, nothing of it is read as markup.
    if (text !== undefined) made.textContent = text;
    if (parent) parent.appendChild(made);
    return made;
  }

  function answered(told, household, answer) {
    element("h3", household + " · " + told.project + " " + answer.project, answer.into);
    for (const line of answer.plan) element("p", line, answer.into);
    if (!answer.others.length) return;
    const table = element("table", undefined, element("div", undefined, answer.into));
    table.parentNode.className = "table";
    const head = element("tr", undefined, element("thead", undefined, table));
    told.head.forEach(function (cell, n) { element("th", cell, head).className = n > 2 ? "number" : ""; });
    const body = element("tbody", undefined, table);
    for (const row of answer.others) {
      const line = element("tr", undefined, body);
      row.forEach(function (cell, n) { element("td", cell, line).className = n > 2 ? "number" : ""; });
    }
  }

  if (lookup) {
    const told = JSON.parse(lookup.textContent);
    const input = document.getElementById("lookup-household");
    const into = document.getElementById("lookup-answer");
    const known = new Map(Object.keys(told.households).map(function (id) { return [id.toLowerCase(), id]; }));
    const offer = function (n) { return n < 0 ? "" : told.offers[n]; };
    const month = function (n) { return n < 0 ? "" : told.months[n]; };
    input.addEventListener("input", function () {
      const asked = input.value.trim().toLowerCase();
      into.textContent = "";
      if (!asked) return;
      const id = known.get(asked);
      if (id === undefined) {
        const near = Array.from(known.keys()).filter(function (each) { return each.startsWith(asked); }).slice(0, 8);
        element("p", near.length ? near.map(function (each) { return known.get(each); }).join(" · ") : told.unknown, into);
        return;
      }
      const found = told.households[id];
      answered(told, id, {
        into: into,
        project: told.projects[found[0]],
        plan: found[1],
        others: found[2].map(function (row) {
          return [offer(row[0]), month(row[1]), month(row[2]), row[3], row[4]];
        }),
      });
    });
  }

  // What is folded away has no width: it is drawn when it is opened.
  function folded(plot) { return plot.closest("details:not([open])") !== null; }

  function drawAll(paper) { plots.forEach(function (plot) { if (!folded(plot)) draw(plot, paper); }); }

  if (plots.length) {
    drawAll(false);
    document.querySelectorAll("details").forEach(function (details) {
      details.addEventListener("toggle", function () {
        if (details.open) details.querySelectorAll(".plot").forEach(function (plot) { draw(plot, false); });
      });
    });
    window.addEventListener("beforeprint", function () { drawAll(true); });
    window.addEventListener("afterprint", function () { drawAll(false); });
  }
})();
