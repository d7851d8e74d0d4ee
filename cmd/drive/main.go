package main
import ("bremen/plan";"bremen/lp/highs";"context";"fmt";"os";"time";"encoding/json")
func main(){
 n:=load(os.Args[1]); lad:=""; if len(os.Args)>2 {lad=os.Args[2]}
 s,err:=highs.New(highs.Options{}); if err!=nil {panic(err)}
 t:=time.Now()
 pr,err:=plan.Build(n,nil); if err!=nil {panic(err)}
 fmt.Println("build",time.Since(t),pr.LP.Rows(),pr.LP.Cols(),pr.LP.NNZ(),len(pr.Elements))
 t=time.Now()
 lastRung:=-1; lastProg:=-1
 p,err:=plan.Make(context.Background(),n,s,plan.Options{Ladder:lad,Progress:func(q plan.Progress){ if q.Goal!="" && (q.Rung!=lastRung||q.Programs!=lastProg) {fmt.Printf("  %6.1fs rung %d %s level %.6f free %d/%d programs %d\n",time.Since(t).Seconds(),q.Rung,q.Goal,q.Level,q.Free,q.Of,q.Programs);lastRung=q.Rung;lastProg=q.Programs}}})
 if err!=nil {fmt.Println("ERR",err); os.Exit(1)}
 for _,r:=range p.Ladder { fmt.Printf("%s %s value %.8f levels %v programs %d %.1fs cert %+v\n",r.Goal,r.Kind,r.Value,r.Levels,r.Programs,r.Seconds,r.Certificate)
  for _,q:=range r.Rounds {fmt.Printf("    level %.7f reached %.7f fixed %d bound %.7f prec %.1e it %d %.1fs\n",q.Level,q.Reached,q.Fixed,q.Bound,q.Precision,q.Iterations,q.Seconds)}}
 fmt.Println("total",time.Since(t), "needs",len(p.Needs),"unmet",len(p.Unmet),"runs",len(p.Runs))
 t=time.Now()
 v,err:=plan.Verify(n,&p.Document,p.Proofs); fmt.Println("verify",time.Since(t),err)
 b,_:=json.MarshalIndent(v,""," "); if len(b)>1500 {b=b[:1500]}; fmt.Println(string(b))
 if len(os.Args)>3 { f,_:=os.Create(os.Args[3]); e:=json.NewEncoder(f); e.Encode(p.Document); f.Close() }
}
