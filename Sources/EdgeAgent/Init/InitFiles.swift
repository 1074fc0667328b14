// Where `init` writes: the configuration, checked before, the one that was there, and the password.

import Glibc

struct InitFiles {
    enum Outcome {
        case written(HomeConfiguration, hasBackup: Bool, secret: String?)
        /// The answers make no good configuration; they are kept here.
        case draft(String, ConfigurationErrors)
        case cannotWrite(String, FileProblem)
    }

    let path: String
    let loader: ConfigurationLoader

    var backup: String { path + ".bak" }

    /// Something that somebody would miss: not what the package installs, which describes nothing.
    var holdsAHome: Bool {
        guard access(path, F_OK) == 0 else { return false }
        return (try? loader.load(path))?.isCommissioned ?? true
    }

    /// Why nothing can be written there; nil: it can, as far as can be told without trying.
    var problemOfWriting: FileProblem? {
        access(folder, W_OK) == 0 ? nil : FileProblem(errno: errno)
    }

    private var folder: String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// The service's password stays a file of root, which systemd hands over (docs/packaging.md); elsewhere it lies
    /// beside the configuration.
    var secretFile: (path: String, reference: String) {
        if path == ConfigurationLoader.standardFile {
            return (
                "/etc/credstore/edge-agent.broker-password",
                ConfigurationLoader.credentialsFolder + "edge-agent.service/broker-password"
            )
        }
        return (folder + "/broker-password", "broker-password")
    }

    /// "home-k3v9tq": nobody's, and not twice in a town of a million homes.
    static func freshID() -> String {
        // Without those that are mistaken for each other on a sticker.
        let letters = Array("abcdefghjkmnpqrstvwxyz23456789")
        return "home-" + String((0..<8).compactMap { _ in letters.randomElement() })
    }

    /// Checks the text as the daemon will read it, then puts it in place. The old file is never lost.
    /// - Parameter board: a description of a board that has none.
    func write(_ text: String, password: String?, board: (name: String, text: String)? = nil) -> Outcome {
        let bytes = Array(text.utf8)
        let secret = secretFile.path
        do throws(FileProblem) {
            // First, for the check looks whether it is there.
            if let password {
                if path == ConfigurationLoader.standardFile { mkdir("/etc/credstore", 0o700) }
                try replaceFile(secret, with: Array(password.utf8) + [0x0A], mode: 0o600)
            }
        } catch { return .cannotWrite(secret, error) }
        if let board {
            mkdir(folder + "/boards", 0o755)
            let file = "\(folder)/boards/\(board.name).toml"
            do { try replaceFile(file, with: Array(board.text.utf8), mode: 0o644) } catch {
                return .cannotWrite(file, error)
            }
        }
        let home: HomeConfiguration
        do {
            home = try loader.load(text: bytes, file: path)
        } catch {
            let draft = path + ".draft"
            do { try replaceFile(draft, with: bytes, mode: 0o644) } catch { return .cannotWrite(draft, error) }
            return .draft(draft, error)
        }
        let hasOld = access(path, F_OK) == 0
        if hasOld {
            unlink(backup)
            guard link(path, backup) == 0 else { return .cannotWrite(backup, FileProblem(errno: errno)) }
        }
        do { try replaceFile(path, with: bytes, mode: 0o644) } catch { return .cannotWrite(path, error) }
        return .written(home, hasBackup: hasOld, secret: password == nil ? nil : secret)
    }
}
