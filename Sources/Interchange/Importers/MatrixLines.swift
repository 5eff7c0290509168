import Diagnostics

/// The words of each line with their places, without colours and the bars of tables.
struct MatrixLines {
  struct Word {
    var text: String
    var column: Int
  }

  struct Line {
    var number: Int
    var words: [Word]
    var isIndented: Bool
  }

  private(set) var lines: [Line] = []

  init(_ source: SourceText) {
    var number = 0
    for line in source.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      var words: [Word] = []
      var word = ""
      var start = 1
      var column = 0
      var isEscape = false
      func close() {
        if !word.isEmpty { words.append(Word(text: word, column: start)) }
        word = ""
      }
      for scalar in line.unicodeScalars {
        column += 1
        if isEscape {
          // A colour ends with a letter.
          if scalar.properties.isAlphabetic { isEscape = false }
        } else if scalar == "\u{1B}" {
          isEscape = true
        } else if scalar == " " || scalar == "\t" || scalar == "|" || scalar == "`" || scalar == "*"
          || scalar == "\u{A0}"
        {
          close()
        } else {
          if word.isEmpty { start = column }
          word.unicodeScalars.append(scalar)
        }
      }
      close()
      let first = line.unicodeScalars.first
      lines.append(Line(number: number, words: words, isIndented: first == " " || first == "\t" || first == "|"))
    }
  }
}
