(async () => {
  const ROW = 18, NARROWEST = 0.5, CHARACTER = 6.7;
  const GROUP = 0, JIT = 2, KERNEL = 3;
  const KINDS = ['group', 'user code', 'run-time compiled code', 'kernel'];
  const data = await unpack();

  const names = [], modules = [], kinds = [];
  for (let n = data.number(); n > 0; n--) {
    kinds.push(data.number());
    names.push(inert(data.text()));
    modules.push(inert(data.text()));
  }
  const columns = data.number();
  const outwards = read();
  let ends = null; // the stacks merged from their ends, made when asked for
  let tree = outwards, column = 0, root = 0, focus = 0, found = null, drawn = [];

  /** Nodes in preorder: a node's subtree is it and those up to last. */
  function makeTree(size) {
    const tree = { size, frame: new Int32Array(size), parent: new Int32Array(size), last: new Int32Array(size), depth: new Int32Array(size), self: [], total: [], deepest: 0 };
    for (let c = 0; c < columns; c++) {
      tree.self.push(new Float64Array(size));
      tree.total.push(new Float64Array(size));
    }
    return tree;
  }

  function finish(tree) {
    for (let c = 0; c < columns; c++) {
      tree.total[c].set(tree.self[c]);
    }
    for (let i = tree.size - 1; i > 0; i--) {
      const p = tree.parent[i];
      for (let c = 0; c < columns; c++) {
        tree.total[c][p] += tree.total[c][i];
      }
      tree.last[i] = Math.max(tree.last[i], i);
      tree.last[p] = Math.max(tree.last[p], tree.last[i]);
    }
    for (let i = 1; i < tree.size; i++) {
      tree.depth[i] = tree.depth[tree.parent[i]] + 1;
      tree.deepest = Math.max(tree.deepest, tree.depth[i]);
    }
    return tree;
  }

  function read() {
    const tree = makeTree(data.number());
    const open = [], left = [];
    for (let i = 0; i < tree.size; i++) {
      while (left.length && left[left.length - 1] === 0) {
        left.pop();
        open.pop();
      }
      if (left.length) {
        left[left.length - 1]--;
        tree.parent[i] = open[open.length - 1];
      }
      tree.frame[i] = data.number();
      open.push(i);
      left.push(data.number());
      for (let c = 0; c < columns; c++) {
        tree.self[c][i] = data.number();
      }
    }
    return finish(tree);
  }

  /** The same stacks, each from its innermost function to its outermost. */
  function fromEnds() {
    const root = { children: new Map(), self: new Float64Array(columns) };
    let size = 1;
    for (let i = 0; i < outwards.size; i++) {
      if (outwards.self.every(self => self[i] === 0)) {
        continue;
      }
      let at = root;
      for (let j = i; j !== 0; j = outwards.parent[j]) {
        let next = at.children.get(outwards.frame[j]);
        if (!next) {
          next = { children: new Map(), self: new Float64Array(columns) };
          at.children.set(outwards.frame[j], next);
          size++;
        }
        at = next;
      }
      outwards.self.forEach((self, c) => at.self[c] += self[i]);
    }
    const tree = makeTree(size);
    let next = 0;
    const pending = [[root, 0, 0]];
    while (pending.length) {
      const [node, frame, parent] = pending.pop();
      const i = next++;
      tree.frame[i] = frame;
      tree.parent[i] = parent;
      tree.self.forEach((self, c) => self[i] = node.self[c]);
      [...node.children].sort((a, b) => b[0] - a[0]).forEach(([f, child]) => pending.push([child, f, i]));
    }
    return finish(tree);
  }

  const nameOf = i => i === 0 ? 'all' : names[tree.frame[i]] || '[no name]';

  function hue(name) {
    let hash = 7;
    for (let i = 0; i < name.length; i++) {
      hash = hash * 31 + name.charCodeAt(i) | 0;
    }
    return (hash >>> 0) % 1000 / 1000;
  }

  function colour(i) {
    if (columns > 1) {
      const all = tree.total.map(total => total[0] || 1);
      const change = tree.total[0][i] / all[0] - tree.total[1][i] / all[1];
      const strength = Math.min(1, Math.sqrt(Math.abs(change) * 8));
      const light = dark.matches ? 62 - 6 * strength : 94 - 34 * strength;
      return `hsl(${change > 0 ? 4 : 216} ${change === 0 ? 0 : 25 + 60 * strength}% ${light}%)`;
    }
    const tone = hue(nameOf(i));
    const light = dark.matches ? 52 + tone * 10 : 66 + tone * 12;
    switch (i === 0 ? GROUP : kinds[tree.frame[i]]) {
      case GROUP: return dark.matches ? `hsl(230 8% ${58 + tone * 6}%)` : `hsl(230 10% ${80 + tone * 6}%)`;
      case KERNEL: return `hsl(${22 + tone * 14} ${dark.matches ? 62 : 88}% ${light}%)`;
      case JIT: return `hsl(${96 + tone * 34} ${dark.matches ? 32 : 46}% ${light - 4}%)`;
      default: return `hsl(${44 + tone * 14} ${dark.matches ? 54 : 86}% ${light}%)`;
    }
  }

  function draw() {
    const canvas = byId('graph');
    const width = canvas.parentElement.clientWidth - 24;
    const icicle = byId('icicle').getAttribute('aria-pressed') === 'true';
    const total = tree.total[column];
    drawn = [];
    const boxes = [];
    for (let i = root; ; i = tree.parent[i]) { // those called on the way to what is zoomed
      boxes.unshift([i, 0, width]);
      if (i === 0) {
        break;
      }
    }
    let deepest = tree.depth[root];
    const pending = [[root, 0]];
    const scale = total[root] > 0 ? width / total[root] : 0;
    while (pending.length) {
      const [i, from] = pending.pop();
      let x = from;
      for (let child = i + 1; child <= tree.last[i]; child = tree.last[child] + 1) {
        const w = total[child] * scale;
        if (w >= NARROWEST) {
          boxes.push([child, x, w]);
          deepest = Math.max(deepest, tree.depth[child]);
          pending.push([child, x]);
        }
        x += w;
      }
    }
    const height = (deepest + 1) * ROW;
    const g = context(canvas, width, height);
    g.font = '12px ui-monospace, monospace';
    g.textBaseline = 'middle';
    g.direction = 'ltr';
    const ink = '#17171b', foundColour = style('--found'), back = style('--back');
    for (const [i, x, w] of boxes) {
      const y = icicle ? tree.depth[i] * ROW : height - (tree.depth[i] + 1) * ROW;
      const box = { i, x, y, w, h: ROW };
      (drawn[tree.depth[i]] ||= []).push(box);
      g.fillStyle = found && i > 0 && found.frames[tree.frame[i]] ? foundColour : colour(i);
      g.globalAlpha = tree.depth[i] < tree.depth[root] ? 0.55 : 1;
      g.fillRect(x, y, Math.max(w - (w > 3 ? 1 : 0), 0.5), ROW - 1);
      const room = Math.floor((w - 8) / CHARACTER);
      if (room >= 3) {
        const name = nameOf(i);
        g.fillStyle = ink;
        g.fillText(name.length <= room ? name : name.slice(0, room - 1) + '…', x + 4, y + ROW / 2);
      }
      g.globalAlpha = 1;
      if (i === focus && document.activeElement === canvas) {
        g.strokeStyle = ink;
        g.lineWidth = 2;
        g.strokeRect(x + 1, y + 1, Math.max(w - 3, 1), ROW - 3);
      }
    }
    drawn.forEach(row => row.sort((a, b) => a.x - b.x));
    if (!icicle && height > innerHeight && !draw.before) {
      scrollTo(0, document.body.scrollHeight); // the flame's foot
    }
    draw.before = true;
  }

  function describe(i) {
    const lines = [nameOf(i)];
    const frame = tree.frame[i];
    if (i > 0) {
      lines.push(KINDS[kinds[frame]] + (modules[frame] ? ', ' + modules[frame] : ''));
    }
    const [now, before] = tree.total;
    lines.push(`${amount(now[i])}, ${percent(now[i], now[0])} of all`
      + (root > 0 ? `, ${percent(now[i], now[root])} of ${nameOf(root)}` : ''));
    if (columns > 1) {
      lines.push(`before: ${amount(before[i])}, ${percent(before[i], before[0])}`);
    } else if (tree.self[0][i] > 0) {
      lines.push(`of these itself: ${amount(tree.self[0][i])}`);
    }
    return lines;
  }

  function show(i) {
    focus = i;
    byId('detail').textContent = describe(i).join('\n').replace(/\n/g, ' · ');
  }

  function search(text) {
    let matches = null;
    const expression = /^\/(.+)\/$/.exec(text);
    try {
      const pattern = expression && new RegExp(expression[1], 'i');
      matches = text && (pattern ? name => pattern.test(name) : name => name.toLowerCase().includes(text.toLowerCase()));
    } catch (e) {
      byId('found').textContent = 'not a regular expression';
      return;
    }
    found = null;
    byId('found').textContent = '';
    if (matches) {
      const frames = names.map(matches);
      let sum = 0;
      const total = tree.total[column];
      for (let i = 1; i < tree.size; i++) { // the outermost match of each stack counts
        if (frames[tree.frame[i]]) {
          sum += total[i];
          i = tree.last[i];
        }
      }
      found = { frames };
      byId('found').textContent = `${amount(sum)} in it, ${percent(sum, total[0])}`;
    }
  }

  const pressed = (id, on) => byId(id).setAttribute('aria-pressed', String(on));
  const isPressed = id => byId(id).getAttribute('aria-pressed') === 'true';

  /** What the address says; a link to a picture shows what its sender saw. */
  function fromAddress() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const merged = wanted.has('merge');
    if (merged && !ends) {
      ends = fromEnds();
    }
    tree = merged ? ends : outwards;
    pressed('merge', merged);
    pressed('icicle', wanted.has('icicle'));
    column = wanted.has('before') && columns > 1 ? 1 : 0;
    pressed('before', column === 1);
    const zoom = Number(wanted.get('zoom') || 0);
    root = Number.isInteger(zoom) && zoom >= 0 && zoom < tree.size ? zoom : 0;
    if (byId('search').value !== (wanted.get('search') || '')) {
      byId('search').value = wanted.get('search') || '';
    }
    search(byId('search').value);
    show(root);
    draw();
  }

  function toAddress(change, replace) {
    const now = new URLSearchParams(location.hash.slice(1));
    for (const [key, value] of Object.entries(change)) {
      value ? now.set(key, value) : now.delete(key);
    }
    const hash = '#' + now;
    replace ? history.replaceState(null, '', hash) : history.pushState(null, '', hash);
    fromAddress();
  }

  function boxAt(event) {
    const area = byId('graph').getBoundingClientRect();
    const x = event.clientX - area.left, y = event.clientY - area.top;
    for (const row of drawn) {
      if (row && y >= row[0].y && y < row[0].y + ROW) {
        return row.find(box => x >= box.x && x < box.x + box.w) || null;
      }
    }
    return null;
  }

  function move(key) {
    const depth = tree.depth[focus];
    const row = drawn[depth] || [];
    const at = row.findIndex(box => box.i === focus);
    const up = isPressed('icicle') ? 'ArrowDown' : 'ArrowUp', down = isPressed('icicle') ? 'ArrowUp' : 'ArrowDown';
    let next = null;
    if (key === 'ArrowLeft') {
      next = row[at - 1];
    } else if (key === 'ArrowRight') {
      next = row[at + 1];
    } else if (key === up) {
      next = (drawn[depth + 1] || []).find(box => tree.parent[box.i] === focus);
    } else if (key === down && focus !== 0) {
      next = { i: tree.parent[focus] };
    }
    if (next) {
      show(next.i);
      draw();
    }
  }

  byId('title').textContent = inert(about.title);
  byId('before').hidden = columns < 2;
  const canvas = byId('graph');
  canvas.addEventListener('click', event => {
    const box = boxAt(event);
    if (box) {
      toAddress({ zoom: box.i });
    }
  });
  canvas.addEventListener('mousemove', event => {
    const box = boxAt(event);
    canvas.style.cursor = box ? 'pointer' : 'default';
    tip(box && describe(box.i), event);
    if (box) {
      show(box.i);
    }
  });
  canvas.addEventListener('mouseleave', () => tip(null));
  canvas.addEventListener('focus', draw);
  canvas.addEventListener('blur', draw);
  byId('search').addEventListener('input', () => toAddress({ search: byId('search').value }, true));
  byId('reset').addEventListener('click', () => toAddress({ zoom: 0 }));
  byId('icicle').addEventListener('click', () => toAddress({ icicle: isPressed('icicle') ? '' : 1 }));
  byId('merge').addEventListener('click', () => toAddress({ merge: isPressed('merge') ? '' : 1, zoom: 0 }));
  byId('before').addEventListener('click', () => toAddress({ before: isPressed('before') ? '' : 1 }));
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const typing = document.activeElement === byId('search');
    if (event.key === 'Escape') {
      typing && byId('search').value ? toAddress({ search: '' }) : toAddress({ zoom: 0 });
    } else if (!typing && event.key === '/') {
      byId('search').focus();
      event.preventDefault();
    } else if (!typing && event.key === 'i') {
      byId('icicle').click();
    } else if (!typing && event.key === 'm') {
      byId('merge').click();
    } else if (document.activeElement === canvas && event.key === 'Enter') {
      toAddress({ zoom: focus });
    } else if (document.activeElement === canvas && event.key.startsWith('Arrow')) {
      move(event.key);
      event.preventDefault();
    }
  });
  addEventListener('popstate', fromAddress);
  addEventListener('resize', draw);
  dark.addEventListener('change', draw);
  fromAddress();

  /** What is drawn, for programs that look at pages. */
  globalThis.bcc4j = {
    boxes: () => drawn.flat().map(box => ({ name: nameOf(box.i), value: tree.total[column][box.i], x: box.x, y: box.y, w: box.w, h: box.h, node: box.i })),
    total: () => tree.total[column][0],
    nodes: () => tree.size,
  };
})();
