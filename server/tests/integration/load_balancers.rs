//! What stands before two servers: nginx and HAProxy, set up as docs/more-than-one-server.md has them, without TLS.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::crash::Server;
use crate::notices::until;

/// A program that divides requests between two servers, and says in `X-Served-By` which one answered.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Nginx,
    HaProxy,
}

const NGINX: &str = "daemon off; master_process off; pid FOLDER/nginx.pid; error_log FOLDER/nginx-error.log;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy; fastcgi_temp_path FOLDER/f;
    uwsgi_temp_path FOLDER/u; scgi_temp_path FOLDER/s;
    upstream shop { server FIRST max_fails=1 fail_timeout=2s; server SECOND max_fails=1 fail_timeout=2s; keepalive 16; }
    server {
        listen 127.0.0.1:PORT;
        location / {
            proxy_pass http://shop;
            proxy_http_version 1.1;
            proxy_set_header Connection '';
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_connect_timeout 1s;
            add_header X-Served-By $upstream_addr always;
        }
    }
}";

const HAPROXY: &str = "
defaults
    mode http
    timeout connect 1s
    timeout client 30s
    timeout server 30s
    timeout http-request 20s
    retries 2
    option redispatch 1
frontend visitors
    bind 127.0.0.1:PORT
    http-request set-header X-Forwarded-For %[src]
    http-request del-header X-Request-Id
    default_backend shop
backend shop
    balance roundrobin
    option httpchk GET /readyz
    timeout check 3s
    default-server check inter 1s fall 2 rise 1
    server first FIRST
    server second SECOND
    http-response set-header X-Served-By %si:%sp
";

impl Kind {
    fn command(self, folder: &Path, config: &Path) -> Command {
        let (program, arguments) = match self {
            Self::Nginx => {
                ("nginx", vec!["-p".as_ref(), folder.as_os_str(), "-c".as_ref(), config.as_os_str()])
            }
            Self::HaProxy => ("haproxy", vec!["-db".as_ref(), "-f".as_ref(), config.as_os_str()]),
        };
        // Debian keeps them out of the path of ordinary users.
        let places = ["/usr/sbin", "/usr/bin"].map(|place| Path::new(place).join(program));
        let program = places.into_iter().find(|path| path.exists());
        let mut command = Command::new(program.expect("it is installed: scripts/setup.sh test does so"));
        command.args(arguments);
        command
    }
}

/// One that runs.
pub struct Balancer {
    child: Child,
    /// How people reach the shop.
    pub origin: String,
}

impl Balancer {
    pub async fn start(kind: Kind, folder: &Path, port: u16, servers: [&Server; 2]) -> Self {
        let config = match kind {
            Kind::Nginx => NGINX,
            Kind::HaProxy => HAPROXY,
        };
        let config = config
            .replace("FOLDER", &folder.display().to_string())
            .replace("FIRST", &servers[0].address)
            .replace("SECOND", &servers[1].address)
            .replace("PORT", &port.to_string());
        let path = folder.join("balancer.conf");
        std::fs::write(&path, config).unwrap();
        let mut command = kind.command(folder, &path);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let balancer = Self { child, origin: format!("http://127.0.0.1:{port}") };
        until(&format!("{kind:?} answers"), async || {
            let answer = reqwest::get(format!("{}/healthz", balancer.origin)).await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        balancer
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
