/// A text of the user as it is quoted in a message: in single quotes, on one line, at most 40 characters.
package func excerpt(_ text: some StringProtocol) -> String {
  let most = 40
  var short = ""
  for scalar in text.unicodeScalars.prefix(most + 1) {
    short.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
  }
  return short.unicodeScalars.count > most ? "'\(short.unicodeScalars.prefix(most))…'" : "'\(short)'"
}
