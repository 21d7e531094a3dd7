"use strict";
// Texts: every offset of a package counts code points; the browser counts UTF-16 units. This file converts.

/** A text that is addressed by code points. */
class CodePoints {
  /** @param {string} words */
  constructor(words) {
    this.words = words;
    this.units = /[\ud800-\udfff]/.test(words) ? unitsOf(words) : null; // null: one unit each
    this.length = this.units ? this.units.length - 1 : words.length;
  }

  /** The UTF-16 unit at which a code point begins. */
  unit(point) {
    return this.units ? this.units[Math.min(point, this.length)] : point;
  }

  /** The code point that begins at a UTF-16 unit, or, inside a pair, the one that contains it. */
  point(unit) {
    if (!this.units) return unit;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.units[middle] <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The words of a half-open interval of code points. */
  slice(start, end) {
    return this.words.slice(this.unit(start), this.unit(end));
  }

  /** Which of the places with the words of this interval it is, counted from 1, overlapping ones too. */
  occurrence(start, end) {
    const words = this.slice(start, end);
    const here = this.unit(start);
    let number = 1;
    for (let at = this.words.indexOf(words); at < here; at = this.words.indexOf(words, at + 1)) number += 1;
    return number;
  }
}

/** The UTF-16 unit at which each code point begins, and the length in units at the end. */
function unitsOf(words) {
  const units = [];
  let unit = 0;
  for (const character of words) {
    units.push(unit);
    unit += character.length;
  }
  return Uint32Array.from([...units, unit]);
}

/**
 * The interval of code points of an article that a range of the page selects, or null where it does not begin in its
 * text. `data-start` of a paragraph is its first code point, and its text nodes are its text. A range that ends outside
 * the text ends with the paragraph in which it begins.
 */
function selected(range, text) {
  const from = place(range.startContainer, range.startOffset, text);
  if (from === null) return null;
  const to = place(range.endContainer, range.endOffset, text) ?? endOf(range.startContainer, text);
  return from < to ? [from, to] : null;
}

function endOf(node, text) {
  const paragraph = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("[data-start]");
  return place(paragraph, paragraph.childNodes.length, text);
}

/** The code point of a place of the page, or null where it is not in a paragraph. */
function place(node, offset, text) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const paragraph = element.closest("[data-start]");
  if (!paragraph) return null;
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(node, offset);
  const first = Number(paragraph.dataset.start);
  return text.point(text.unit(first) + before.toString().length);
}

/** The bounds of the words of a text that touch an interval of code points, as [start, end] of code points. */
function wordBounds(text, start, end) {
  const bounds = [];
  for (const found of text.slice(start, end).matchAll(/[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu)) {
    const before = text.unit(start) + found.index;
    bounds.push([text.point(before), text.point(before + found[0].length)]);
  }
  return bounds;
}
