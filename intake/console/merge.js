// Runs in the browser, in one piece, on what the boxes hold at that very moment: nothing a person picked meanwhile is lost.
// A field follows the proposal while it is empty or still holds what the desk itself put there (`filled`).
(proposedText, filledText, text, address, phone, contact, calledAt, ours, ...fields) => {
  const names = ['ticket_type', 'topic_code', 'outcome', 'lead_code', 'support_codes'];
  if (!proposedText) return [...fields, filledText];
  const proposed = JSON.parse(proposedText);
  if (proposed.text !== text || proposed.address !== address) return [...fields, filledText];
  const filled = filledText ? JSON.parse(filledText) : {};
  const plain = (value) => JSON.stringify(value === null || value === undefined || value === '' ? [] : [].concat(value));
  const merged = names.map((name, i) => {
    const untouched = plain(fields[i]) === '[]' || plain(fields[i]) === plain(filled[name]);
    if (!untouched || plain(fields[i]) === plain(proposed.fields[name])) return fields[i];
    return proposed.fields[name];
  });
  return [...merged, JSON.stringify(proposed.fields)];
}
