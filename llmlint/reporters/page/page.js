"use strict";
(() => {
  const details = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  root.classList.add("scripted");

  // Everything that comes from the scanned code goes in as text, never as markup.
  const make = (tag, properties, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) element.setAttribute(name, value);
    for (const child of children) if (child !== null && child !== undefined) element.append(child);
    return element;
  };

  const themeButton = document.getElementById("theme");
  const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : wantsDark.matches);
  const tellTheme = () => {
    themeButton.setAttribute("aria-pressed", String(isDark()));
    themeButton.textContent = isDark() ? "Light" : "Dark";
  };
  themeButton.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    tellTheme();
  });
  wantsDark.addEventListener("change", tellTheme);
  tellTheme();

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim();
  };
  const sortBy = (table, heading, column) => {
    const numeric = heading.dataset.sort === "number";
    const before = heading.getAttribute("aria-sort");
    const direction = before ? (before === "ascending" ? "descending" : "ascending") : numeric ? "descending" : "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", direction);
    const sign = direction === "ascending" ? 1 : -1;
    const compare = numeric
      ? (one, other) => Number(valueOf(one, column)) - Number(valueOf(other, column))
      : (one, other) => valueOf(one, column).localeCompare(valueOf(other, column), undefined, { numeric: true });
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort((one, other) => sign * compare(one, other)));
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      if (!heading.dataset.sort) return;
      const button = make("button", { type: "button", class: "sort" }, heading.textContent.trim());
      heading.replaceChildren(button);
      button.addEventListener("click", () => sortBy(table, heading, column));
    });
  }

  const callTable = document.getElementById("call-table");
  if (callTable) {
    const rows = [...callTable.tBodies[0].rows];
    const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const search = document.getElementById("search");
    const selects = [...document.querySelectorAll("select[data-filter]")];
    const onlyFindings = document.getElementById("only-findings");
    const noTests = document.getElementById("no-tests");
    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const fits =
          words.every((word) => texts.get(row).includes(word)) &&
          selects.every((select) => !select.value || row.dataset[select.dataset.filter] === select.value) &&
          (!onlyFindings.checked || row.dataset.findings !== "0") &&
          (!noTests.checked || row.dataset.test === "no");
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      document.getElementById("shown").textContent = `${shown} of ${rows.length} calls`;
    };
    for (const select of selects) {
      const values = [...new Set(rows.map((row) => row.dataset[select.dataset.filter]))].sort();
      select.append(...values.map((value) => make("option", { value }, value)));
      select.addEventListener("change", apply);
    }
    search.addEventListener("input", apply);
    onlyFindings.addEventListener("change", apply);
    noTests.addEventListener("change", apply);
    document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  }

  const coded = (text) => {
    const parts = text.split("`");
    if (parts.length % 2 === 0) return [text];
    return parts.map((part, at) => (at % 2 ? make("code", {}, part) : part));
  };
  const list = (items, tag) => make(tag, {}, ...items.map((item) => make("li", {}, ...coded(item))));
  const evidence = (steps) =>
    steps.length ? make("details", {}, make("summary", {}, "How it is known"), list(steps, "ol")) : null;
  const segmentBar = (segments) => {
    const bar = make("div", { class: "segments", role: "img", "aria-label": segments.map((part) => part.words).join("; ") });
    for (const part of segments) {
      const piece = make("div", { class: `segment ${part.state}`, title: part.words });
      piece.style.flexGrow = String(part.share);
      piece.style.flexBasis = "0";
      bar.append(piece);
    }
    const parts = segments.map((part) => make("li", {}, make("span", { class: `key ${part.state}` }), part.words));
    return [bar, make("ul", { class: "parts" }, ...parts)];
  };
  const factTable = (group) => {
    const table = make("table", { class: "facts" });
    for (const fact of group.facts) {
      const cell = make("td", { class: `state-${fact.state}` }, fact.value, evidence(fact.evidence));
      table.append(make("tr", { class: fact.state }, make("th", { scope: "row" }, fact.name), cell));
    }
    return [make("h3", {}, group.group), table];
  };

  const panel = document.getElementById("panel");
  const body = document.getElementById("panel-body");
  const open = (number) => {
    const call = details[number];
    if (!call) return;
    const close = make("button", { type: "button", id: "panel-close" }, "Close");
    close.addEventListener("click", () => panel.close());
    const parts = [
      make("div", { class: "panel-head" }, make("h2", { id: "panel-title", class: "path" }, call.title), close),
      make("p", { class: "quiet" }, call.function ? `${call.callee} in ${call.function}` : call.callee),
      ...call.cost.map((line) => make("p", {}, line)),
    ];
    const prompt = call.one_way ? "The prompt, in order, on one of the ways to the call" : "The prompt, in order";
    if (call.segments.length) parts.push(make("h3", {}, prompt), ...segmentBar(call.segments));
    if (call.findings.length) {
      parts.push(make("h3", {}, "Findings"));
      for (const finding of call.findings) {
        const head = make("span", { class: `pill ${finding.severity}` }, finding.severity);
        const saves = finding.saving ? ` Saves ${finding.saving} per 1,000 calls${finding.some ? " from there" : ""}.` : "";
        const said = coded(`${finding.code} ${finding.rule}: ${finding.message}${saves}`);
        parts.push(make("p", {}, head, " ", ...said), evidence(finding.evidence) || "");
      }
    }
    if (call.callers.length) parts.push(make("h3", {}, "Reached from"), list(call.callers, "ol"));
    if (call.ways > 1) parts.push(make("p", { class: "quiet" }, `${call.ways} ways lead to this call; facts are what they have in common.`));
    for (const group of call.facts) if (group.facts.some((fact) => fact.state !== "absent")) parts.push(...factTable(group));
    const missing = call.facts.flatMap((group) => group.facts.filter((fact) => fact.state === "absent").map((fact) => `${group.group}.${fact.name}`));
    if (missing.length) parts.push(make("p", { class: "quiet" }, `Absent: ${missing.join(", ")}`));
    body.replaceChildren(...parts);
    panel.showModal();
    panel.scrollTop = 0;
  };
  panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest(".open");
    if (!opener) return;
    event.preventDefault();
    open(opener.dataset.call || opener.getAttribute("href").replace("#call-", ""));
  });
  const fromAddress = /^#call-(\d+)$/.exec(window.location.hash);
  if (fromAddress) open(fromAddress[1]);
})();
