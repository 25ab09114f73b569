// Who is given what: answered from the links between groups and the names in them.

const homes = new Map();

for (const node of nodes) addHome(node);
for (const group of groups) {
  for (const source of group.linkedFromAbsent) source.members.forEach(addHome);
}

function addHome({ name, group }) {
  if (!homes.has(name)) homes.set(name, new Set());
  homes.get(name).add(group);
}

// Whether a kind of link gives the members of one group to those of another.
function isGiving(kind) {
  return kind.gives && !kind.tree && !kind.mutual;
}

// The kind of the links from decorators to what they wrap, if there is one.
function wrappingKind() {
  return KINDS.find((kind) => !kind.gives);
}

// The groups that are given to another, nearest first: [{source, link}], those that the page
// leaves out without a link.
function sourcesOf(group) {
  const shownOnes = group.linked
    .filter(({ kind }) => isGiving(kind))
    .map((link) => ({ source: link.source, link }));
  const absentOnes = group.linkedFromAbsent.map((source) => ({ source, link: null })).reverse();
  return [...shownOnes, ...absentOnes].sort((a, b) => b.source.index - a.source.index);
}

// What an integration is given, nearest group first: [{link, given, hidden}] with hidden as
// pairs of an integration and the nearer one that is given in its place.
function givenTo(node) {
  const nearest = new Map();
  const found = [];
  for (const { source, link } of sourcesOf(node.group)) {
    const [given, hidden] = [[], []];
    for (const member of source.members) {
      if (!nearest.has(member.name)) given.push(member);
      else hidden.push([member, nearest.get(member.name)]);
    }
    for (const member of given) nearest.set(member.name, member);
    if (link) found.push({ link, given, hidden });
  }
  return found;
}

// The groups whose members an integration is given to: [link].
function receiversOf(node) {
  return node.group.links.filter(
    (link) => isGiving(link.kind) && !isHidden(node, link.target),
  );
}

// Whether a group is given something nearer of an integration's name.
function isHidden(node, target) {
  const named = homes.get(node.name);
  if (named.size === 1) return false;
  for (const { source } of sourcesOf(target)) {
    if (source === node.group) return false;
    if (named.has(source)) return true;
  }
  return false;
}

// The members of its group that an integration sees: [{link, peers}], one for each such kind.
function peersOf(node) {
  return node.group.linked
    .filter((link) => link.kind.mutual && link.source === node.group)
    .map((link) => ({ link, peers: node.group.members.filter((member) => member !== node) }));
}

// Those that have to do with an integration, each with what it is to it.
function relatedTo(node) {
  const related = new Map([[node, "selected"]]);
  const add = (other, role) => related.has(other) || related.set(other, role);
  if (isKindShown((kind) => kind.tree)) {
    if (node.parent) add(node.parent, "family");
    for (const group of node.below) for (const child of group.members) add(child, "family");
  }
  for (const { link, given } of givenTo(node)) {
    if (link.kind.isShown) for (const source of given) add(source, "given");
  }
  for (const { link, peers } of peersOf(node)) {
    if (link.kind.isShown) for (const peer of peers) add(peer, "peer");
  }
  if (wrappingKind()?.isShown) {
    for (const source of node.wrappedBy) add(source, "given");
    for (const target of node.wraps) add(target, "receiver");
  }
  for (const link of receiversOf(node)) {
    if (link.kind.isShown) for (const target of link.target.members) add(target, "receiver");
  }
  return related;
}

function isKindShown(test) {
  return KINDS.some((kind) => test(kind) && kind.isShown);
}
