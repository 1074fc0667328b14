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
    /// It also knows what lies beside the file.
    private(set) var loader: ConfigurationLoader

    init(path: String, loader: ConfigurationLoader) {
        self.path = path
        self.loader = loader
        self.loader.descriptionFolders.append(folder)
    }

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

    /// Checks the text as the daemon will read it, then puts it in place. Neither the old file nor an old password is lost
    /// to answers that do not fit.
    /// - Parameter board: a description of a board that has none.
    func write(_ text: String, password: String?, board: (name: String, text: String)? = nil) -> Outcome {
        let (bytes, secret) = (Array(text.utf8), secretFile.path)
        var place = path
        do throws(FileProblem) {
            if let board {
                place = "\(folder)/boards/\(board.name).toml"
                mkdir(folder + "/boards", 0o755)
                // Somebody may have named its lines since.
                if access(place, F_OK) != 0 { try replaceFile(place, with: Array(board.text.utf8), mode: 0o644) }
            }
            if let errors = errors(in: bytes, isSecretThere: password == nil) {
                place = path + ".draft"
                try replaceFile(place, with: bytes, mode: 0o644)
                return .draft(place, errors)
            }
            if let password {
                place = secret
                if path == ConfigurationLoader.standardFile { mkdir("/etc/credstore", 0o700) }
                try replaceFile(place, with: Array(password.utf8) + [0x0A], mode: 0o600)
            }
            let hasOld = access(path, F_OK) == 0
            if hasOld {
                place = backup
                unlink(backup)
                guard link(path, backup) == 0 else { throw FileProblem(errno: errno) }
            }
            place = path
            try replaceFile(place, with: bytes, mode: 0o644)
            return written(hasBackup: hasOld, secret: password == nil ? nil : secret)
        } catch {
            return .cannotWrite(place, error)
        }
    }

    /// nil: there are none.
    private func errors(in text: [UInt8], isSecretThere: Bool) -> ConfigurationErrors? {
        var loader = loader
        // A password that was just typed has no file yet; all other files were looked at when they were named.
        if !isSecretThere { loader.checksFiles = false }
        do throws(ConfigurationErrors) {
            _ = try loader.load(text: text, file: path)
            return nil
        } catch {
            return error
        }
    }

    /// As anybody reads it from now on.
    private func written(hasBackup: Bool, secret: String?) -> Outcome {
        do throws(ConfigurationErrors) {
            return .written(try loader.load(path), hasBackup: hasBackup, secret: secret)
        } catch {
            return .draft(path, error)
        }
    }
}
