"""Certificates made for one test, by openssl."""
import datetime
import shutil
import subprocess
import unittest

from support import temporary_folder


class Authority:
    """Issues certificates; `path`: its own, in PEM."""

    def __init__(self, cleanup, name="An authority made for a test"):
        if not shutil.which("openssl"):
            raise unittest.SkipTest("openssl is not installed (Debian: openssl)")
        self.folder = temporary_folder(cleanup)
        self.issued = 0
        self.path, self.key = self.folder / "ca.pem", self.folder / "ca.key"
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}", "-days", "2",
                     "-keyout", self.key, "-out", self.path)
        for name in ("index.txt", "index.txt.attr"):
            (self.folder / name).touch()
        (self.folder / "ca.conf").write_text(f"[ca]\ndefault_ca=one\n[one]\ndatabase={self.folder}/index.txt\nnew_certs_dir={self.folder}\nrand_serial=yes\n"
                                             "default_md=sha256\npolicy=any\ncopy_extensions=copy\nunique_subject=no\n[any]\ncommonName=supplied\n")

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()

    def issue(self, name="DNS:localhost", days=1):
        """For "DNS:mail.test" or "IP:192.0.2.1"; `days` from now it ends, and may have ended. Paths of certificate and key."""
        self.issued += 1
        path = self.folder / f"{self.issued}.pem"
        request, key = path.with_suffix(".csr"), path.with_suffix(".key")
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={self.issued}", "-addext", f"subjectAltName={name}",
                     "-keyout", key, "-out", request)
        now = datetime.datetime.now(datetime.timezone.utc)
        start, end = ((now + datetime.timedelta(days=each)).strftime("%Y%m%d%H%M%SZ") for each in (min(days, 0) - 1, days))
        self.openssl("ca", "-batch", "-config", self.folder / "ca.conf", "-cert", self.path, "-keyfile", self.key, "-startdate", start, "-enddate", end, "-notext",
                     "-in", request, "-out", path)
        return path, key
