/* Every chart is drawn from the table behind it: what the eye sees, a screen reader and a printer get too.
   Drawn on a canvas and with tooltips inside it: the SVG renderer and HTML tooltips would need inline styles.

   <div class="chart" id="c-watch" role="img" aria-label="what it shows"></div>
   <table class="gt" data-chart="volume" data-into="c-watch" data-every="4"> ... </table> */
(() => {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const rows = (table) => [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const heads = (table) => [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const num = (value) => (value === "" || value === "—" ? null : Number(value.replace(/,/g, "")));
  const narrow = () => innerWidth < 900;

  let ink, mute, line, bar, band, ok, late, strong, sheet, text;
  function readColours() {
    [ink, mute, line, bar, band] = ["--g-ink2", "--g-ink3", "--g-line", "--g-bar", "--g-band"].map(css);
    [ok, late, strong, sheet] = ["--g-ok", "--g-late", "--g-ink", "--g-bg"].map(css);
    text = { color: mute, fontSize: 12, fontFamily: getComputedStyle(document.body).fontFamily };
  }

  /* Names of bars stand under each of them, broken into lines, or lean where a word is wider than its bar; dates leave
     some out instead. */
  const room = (names) => Math.max(28, Math.floor(Math.min(innerWidth, 900) / (names.length + 1)) - 8);
  const isWide = (word, width) => /^[\x20-\x7e]+$/.test(word) && 6.5 * word.length > width;
  const lean = (names) => names.some((name) => name.split(" ").some((word) => isWide(word, room(names))));
  const under = (names) => (lean(names) ? { rotate: 40, width: 100, overflow: "truncate" } : { width: room(names), overflow: "break", lineHeight: 14 });
  const axis = (names, every) => ({
    type: "category", data: names, boundaryGap: true, axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
    axisLabel: {
      ...text, interval: every ? every - 1 : 0, hideOverlap: Boolean(every), showMaxLabel: every > 1 ? false : null,
      ...(every ? {} : under(names)),
    },
  });
  const counts = () => ({ type: "value", minInterval: 1, splitNumber: 3, axisLabel: text, splitLine: { lineStyle: { color: line } } });
  const base = () => ({
    animation: false, textStyle: { fontFamily: text.fontFamily },
    tooltip: {
      trigger: "axis", renderMode: "richText", backgroundColor: sheet, borderColor: mute, borderWidth: 1, padding: 8,
      textStyle: { ...text, color: strong }, confine: true, axisPointer: { lineStyle: { color: mute } },
    },
  });

  /* columns: from, count, expected, low, high, event, state (late = above the band, after = fix in place) */
  function volume(table) {
    const data = rows(table), names = data.map((row) => row[0]), said = heads(table);
    const colour = { late, after: ok }, from = data.findIndex((row) => row[6] === "after");
    const side = (row) => (names.indexOf(row[0]) > names.length * 0.6 ? { align: "right" } : {});
    const marks = data.filter((row) => row[5]).map((row) => ({ xAxis: row[0], label: { formatter: row[5], ...side(row) } }));
    const tip = ([first]) => {
      const row = data[first.dataIndex];
      return [row[0], `${said[1]} ${row[1]}`, row[2] && `${said[2]} ${row[2]} (${row[3]}–${row[4]})`, row[5]].filter(Boolean).join("\n");
    };
    const hidden = { stack: "band", symbol: "none", lineStyle: { opacity: 0 }, silent: true, z: 1, type: "line" };
    return {
      ...base(), tooltip: { ...base().tooltip, formatter: tip },
      grid: { left: 26, right: 8, top: 26, bottom: 22 }, xAxis: axis(names, Number(table.dataset.every) || 4), yAxis: counts(),
      series: [
        { ...hidden, data: data.map((row) => num(row[3])) },
        { ...hidden, data: data.map((row) => (row[4] === "" ? null : num(row[4]) - num(row[3]))), areaStyle: { color: band, opacity: 0.6 } },
        { type: "line", z: 4, data: data.map((row) => num(row[2])), symbol: "none", lineStyle: { color: ink, width: 1, type: [4, 3] } },
        {
          type: "bar", z: 3, barWidth: "52%",
          data: data.map((row) => ({ value: num(row[1]), itemStyle: { color: colour[row[6]] || bar }, label: { offset: row[5] ? [10, 0] : [0, 0] } })),
          label: { show: from >= 0, formatter: (p) => (p.dataIndex >= from && p.value === 0 ? "0" : ""), position: "top", color: ok, fontSize: 12, fontWeight: 600 },
          markLine: { symbol: "none", lineStyle: { color: strong, width: 1, type: "solid" }, label: { color: strong, fontSize: 12, position: "end", distance: 6 }, data: marks },
        },
      ],
    };
  }

  /* columns: name, count, cumulative % */
  function pareto(table) {
    const data = rows(table), few = data.findIndex((row) => num(row[2]) >= 80), said = heads(table), names = data.map((row) => row[0]);
    const percent = { type: "value", min: 0, max: 100, interval: 20, axisLabel: { ...text, formatter: "{value}%" }, splitLine: { show: false } };
    const tip = ([first]) => data[first.dataIndex].map((cell, i) => (i ? `${said[i]} ${cell}` : cell)).join("\n");
    return {
      ...base(), tooltip: { ...base().tooltip, formatter: tip },
      grid: { left: 30, right: 40, top: 18, bottom: lean(names) ? 82 : 52 }, xAxis: axis(names), yAxis: [counts(), percent],
      series: [
        { type: "bar", barWidth: "56%", data: data.map((row, i) => ({ value: num(row[1]), itemStyle: { color: i <= few ? ink : bar } })), label: { show: true, position: "top", color: ink, fontSize: 12 } },
        {
          type: "line", yAxisIndex: 1, data: data.map((row) => num(row[2])), symbolSize: 5, itemStyle: { color: mute }, lineStyle: { color: mute, width: 1.5 },
          markLine: { symbol: "none", silent: true, lineStyle: { color: mute, type: [4, 3] }, label: { show: false }, data: [{ yAxis: 80 }] },
        },
      ],
    };
  }

  /* columns: month, registered, solved, open at the end */
  function flow(table) {
    const data = rows(table), names = heads(table);
    const legend = { top: 0, right: 0, itemWidth: 12, itemHeight: 8, textStyle: { ...text, color: ink }, data: names.slice(1) };
    return {
      ...base(), legend, grid: { left: 28, right: 8, top: 28, bottom: 22 }, xAxis: axis(data.map((row) => row[0]), 1), yAxis: counts(),
      series: [
        { name: names[1], type: "bar", barGap: 0, itemStyle: { color: band, borderColor: bar, borderWidth: 1 }, data: data.map((row) => num(row[1])) },
        { name: names[2], type: "bar", itemStyle: { color: bar }, data: data.map((row) => num(row[2])) },
        { name: names[3], type: "line", symbolSize: 5, itemStyle: { color: strong }, lineStyle: { color: strong, width: 1.5 }, data: data.map((row) => num(row[3])) },
      ],
    };
  }

  const kinds = { volume, pareto, flow };
  function draw() {
    readColours();
    document.querySelectorAll("table[data-chart]").forEach((table) => {
      const box = document.getElementById(table.dataset.into);
      const chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "canvas" });
      chart.setOption(kinds[table.dataset.chart](table), true);
    });
  }
  draw();
  document.addEventListener("genyin:theme", draw);
  document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector("table[data-chart]") && draw());
  addEventListener("resize", () => document.querySelectorAll(".chart").forEach((box) => echarts.getInstanceByDom(box)?.resize()));
})();
