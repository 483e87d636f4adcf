// Narrows the table of the first page to the rows that hold every word of the field. Without script all rows stand.
"use strict";
const field = document.getElementById("filter");
if (field) {
  const rows = [...document.querySelectorAll("table.detections tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const shown = document.getElementById("shown");
  const narrow = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, index) => {
      row.hidden = !words.every((word) => texts[index].includes(word));
      count += row.hidden ? 0 : 1;
    });
    shown.textContent = words.length ? `${count} of ${rows.length} shown` : "";
  };
  field.closest("p").hidden = false;
  field.addEventListener("input", narrow);
  narrow();
}
