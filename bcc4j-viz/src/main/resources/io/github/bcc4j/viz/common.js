'use strict';
const byId = id => document.getElementById(id);
const about = JSON.parse(byId('about').textContent);

/** The page's data: numbers (LEB128) and texts (UTF-8) one after the other. */
async function unpack() {
  const packed = Uint8Array.from(atob(byId('data').textContent), c => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const utf8 = new TextDecoder();
  let at = 0;
  return {
    number() {
      let value = 0, scale = 1, b;
      do {
        b = bytes[at++];
        value += (b & 127) * scale;
        scale *= 128;
      } while (b > 127);
      return value;
    },
    text() {
      const length = this.number();
      return utf8.decode(bytes.subarray(at, at += length));
    },
  };
}

/** A name without what would change how its neighbours are shown: control characters, and those that turn the direction of writing. */
const inert = name => name.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
  c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));

const dark = matchMedia('(prefers-color-scheme: dark)');
const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const whole = n => n.toLocaleString('en-US');
const percent = (part, all) => (all > 0 ? 100 * part / all : 0).toFixed(2) + '%';

/** The whole number that a value of the unit is shown as. */
const amount = value => whole(value) + ' ' + about.unit;

/** Makes a canvas as sharp as the screen is, and returns its context, in CSS pixels. */
function context(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = height + 'px';
  const g = canvas.getContext('2d');
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  return g;
}

/** Shows lines beside the pointer; the first is bold. */
function tip(lines, event) {
  const box = byId('tip');
  box.hidden = !lines;
  if (!lines) {
    return;
  }
  const first = document.createElement('b');
  first.textContent = lines[0];
  box.replaceChildren(first, '\n' + lines.slice(1).join('\n'));
  const { width, height } = box.getBoundingClientRect();
  box.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 6)) + 'px';
  box.style.top = (event.clientY + 18 + height > innerHeight ? event.clientY - height - 12 : event.clientY + 18) + 'px';
}
